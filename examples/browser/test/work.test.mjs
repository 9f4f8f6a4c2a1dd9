import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { execFileSync } from 'node:child_process';
import { hasher } from '../web/sha256.js';
import { texts } from '../web/texts.js';
import { bring, built, check, folder, launch, lookUp, sample, shots, textFile, tree, visit, zipOf } from './kit.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test('SHA-256 agrees with another implementation', () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const blocks = hasher(memory);
  const start = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
  for (let length = 0; length < 400; length++) {
    const message = createHash('sha512').update(`${length}`).digest();
    const data = Buffer.alloc(length, message);
    const n = Math.ceil((length + 9) / 64);
    const view = new DataView(memory.buffer);
    start.forEach((word, i) => view.setUint32(4 * i, word, true));
    const padded = Buffer.from(memory.buffer, 64, 64 * n).fill(0);
    data.copy(padded);
    padded[length] = 0x80;
    padded.writeUInt32BE(8 * length, 64 * n - 4);
    blocks(0, 64, n);
    const have = Buffer.alloc(32);
    for (let i = 0; i < 8; i++) have.writeUInt32BE(view.getUint32(4 * i, true), 4 * i);
    assert.equal(have.toString('hex'), createHash('sha256').update(data).digest('hex'), `${length} bytes`);
  }
});

test('every text is there in both languages, and used', () => {
  const sources = Object.entries(tree(path.join(folder, 'web'))).filter(([name]) => name !== 'texts.js').map(([, data]) => String(data)).join('\n');
  for (const [key, pair] of Object.entries(texts)) {
    assert.equal(pair.length, 2, key);
    assert.ok(pair.every((t) => t.length > 0), key);
    assert.match(pair[1], /[\u4e00-\u9fff]/, key);
    assert.match(sources, new RegExp(`['"]${key}['"]`), `${key} is used`);
  }
});

test('the page stays alive while it works, and can be stopped', async () => {
  const { page, quiet } = await visit(browser);
  const { files, policy } = sample('quickstart');
  await bring(page, zipOf(files));
  await bring(page, textFile(policy), '#policy-file');
  await page.click('#verify');
  await page.waitForSelector('#progress:not([hidden])');
  await page.click('#language'); // answered at once: the work is elsewhere
  assert.equal(await page.textContent('#cancel'), '取消');
  assert.ok(await page.isHidden('#result'));
  await page.click('#cancel');
  assert.equal(await page.textContent('#live'), '已取消。');
  assert.ok(await page.isHidden('#progress'));
  await page.waitForFunction(() => !document.body.hasAttribute('aria-busy'));
  assert.ok(await page.isHidden('#check-problem'));
  assert.equal(await check(page), '已公开，正确', 'a new worker is told all again');
  await quiet();
});

test('a verifier that stops is noticed, and started anew', async () => {
  const { page, quiet } = await visit(browser);
  const { files, policy } = sample('quickstart');
  await bring(page, zipOf(files));
  await bring(page, textFile(policy), '#policy-file');
  for (const end of [() => { globalThis.doublerandom.call = () => undefined; }, () => { globalThis.doublerandom.call = () => { throw new WebAssembly.RuntimeError('unreachable'); }; }]) {
    await page.workers()[0].evaluate(end);
    await check(page);
    assert.match(await page.textContent('#check-problem'), /The verifier stopped, perhaps for lack of memory/);
    assert.ok(await page.isHidden('#result'));
    assert.equal(await check(page), 'OPENED AND CORRECT');
  }
  await quiet();
});

test('the page is one file under its own policy', () => {
  const page = readFileSync(built, 'utf8');
  const csp = page.match(/http-equiv="Content-Security-Policy" content="([^"]+)"/)[1];
  assert.match(csp, /^default-src 'none'; script-src 'sha256-[\w+/=]+' 'wasm-unsafe-eval'; style-src 'sha256-[\w+/=]+'; worker-src blob:; img-src blob: data:; connect-src 'none'; base-uri 'none'; form-action 'none'$/);
  assert.doesNotMatch(page, /(src|href)="(?!data:,|#)/, 'nothing is loaded from elsewhere');
  const source = Object.values(tree(path.join(folder, 'web'))).join('\n');
  assert.doesNotMatch(source, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|DOMParser|\.srcdoc/);
});

// LARGE names a folder by quickstart -out. The figures are printed, not judged: the
// machine may have other things to do.
test('a large bundle', { skip: process.env.LARGE ? false : 'LARGE does not name a folder' }, async () => {
  const dir = process.env.LARGE;
  assert.ok(existsSync(dir));
  const files = tree(path.join(dir, 'bundle'));
  const { page, quiet } = await visit(browser);
  await bring(page, zipOf(files));
  await bring(page, { name: 'policy.txt', mimeType: 'text/plain', buffer: readFileSync(path.join(dir, 'policy.txt')) }, '#policy-file');
  await page.evaluate(() => { // the longest time in which the page could not answer
    globalThis.longest = 0;
    let last = performance.now();
    setInterval(() => { const now = performance.now(); globalThis.longest = Math.max(globalThis.longest, now - last); last = now; }, 20);
  });
  const began = performance.now();
  await page.click('#verify');
  await page.waitForSelector('#result:not([hidden])', { timeout: 600_000 });
  const verdict = performance.now() - began;
  assert.equal(await page.textContent('#verdict'), 'OPENED AND CORRECT');
  await page.waitForFunction(() => !document.body.hasAttribute('aria-busy'), null, { timeout: 600_000 });
  const all = performance.now() - began;
  const asked = performance.now();
  await lookUp(page, files['result.txt'].toString().match(/^unit 1 (\S+)/m)[1]);
  const answered = performance.now() - asked;
  const program = path.join(shots, 'verify');
  execFileSync('go', ['build', '-o', program, '../verify'], { cwd: folder });
  const native = performance.now();
  execFileSync(program, ['-policy', path.join(dir, 'policy.txt'), path.join(dir, 'bundle')]);
  const time = performance.now() - native;
  console.log(`verdict ${(verdict / 1000).toFixed(1)} s, search ready ${(all / 1000).toFixed(1)} s, one answer ${answered.toFixed(0)} ms; native ${(time / 1000).toFixed(1)} s; ratio ${(verdict / time).toFixed(1)}; page silent for at most ${(await page.evaluate(() => globalThis.longest)).toFixed(0)} ms`);
  await quiet();
});
