import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { bring, check, launch, lookUp, sample, shots, statusOf, textFile, visit, zipOf } from './kit.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

// edited returns the quick start's files with one byte of a file changed.
function edited(name, from, to) {
  const { files } = sample('quickstart');
  const text = files[name].toString();
  assert.ok(text.includes(from));
  return { ...files, [name]: Buffer.from(text.replace(from, to)) };
}

test('one byte of the result changed', async () => {
  const { page, quiet } = await visit(browser);
  const { files, policy } = sample('quickstart');
  const [line, id] = files['result.txt'].toString().match(/^unit 1 (\S+) \w+$/m);
  const other = id.slice(0, -1) + (id.endsWith('A') ? 'B' : 'A');
  await bring(page, zipOf(edited('result.txt', line, line.replace(id, other))));
  await bring(page, textFile(policy), '#policy-file');
  assert.equal(await check(page), 'WRONG');
  assert.equal(await statusOf(page, 'exactly these companies follow from plan and seed'), 'wrong');
  assert.match(await page.locator('#checks .is-wrong .compare').first().textContent(), /found.+expected.+/);
  assert.match(await page.textContent('#search-warn'), /does not confirm this list or this result/);
  await page.screenshot({ path: path.join(shots, 'wrong.png'), fullPage: true });
  await quiet();
});

test('one company of the list changed', async () => {
  const { page, quiet } = await visit(browser);
  const { files, policy } = sample('quickstart');
  const id = files['frame.txt'].toString().split(' ')[0];
  await bring(page, zipOf(edited('frame.txt', id, id.slice(0, -1) + (id.endsWith('0') ? '1' : '0'))));
  await bring(page, textFile(policy), '#policy-file');
  assert.equal(await check(page), 'WRONG');
  assert.equal(await statusOf(page, 'the list of companies is the one frozen'), 'wrong');
  await quiet();
});

test('a statement changed after it was signed', async () => {
  const { page, quiet } = await visit(browser);
  const { policy } = sample('quickstart');
  await bring(page, zipOf(edited('notice.note', 'withheld 0', 'withheld 1')));
  await bring(page, textFile(policy), '#policy-file');
  assert.equal(await check(page), 'WRONG');
  assert.equal(await statusOf(page, 'every statement is signed by whom it must be'), 'wrong');
  await quiet();
});

test('what the page refuses, and that it goes on after it', async () => {
  const { page, quiet } = await visit(browser);
  const { files, policy } = sample('quickstart');
  const right = zipOf(files);
  const refused = async (file, text) => {
    await bring(page, file);
    assert.match(await page.textContent('#bring-problem'), text);
  };
  await refused({ ...right, buffer: right.buffer.subarray(0, right.buffer.length >> 1) }, /not a zip that can be read/);
  await refused({ ...right, buffer: Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(1000, 7)]) }, /not a zip that can be read/);
  await refused({ ...right, buffer: absurd(right.buffer) }, /too large for the page.*bytes when uncompressed, of 1073741824 allowed; the program verify takes larger ones/);
  await refused(zipOf({ 'a.txt': 'nothing' }), /holds no published draw/);
  await refused(zipOf(Object.fromEntries(Object.entries(files).flatMap(([name, data]) => [[`0001/${name}`, data], [`0002/${name}`, data]]))), /holds all draws of a series/);
  await refused(textFile('Dear Sir'), /neither a bundle, nor a receipt, nor a policy/);
  await refused(textFile(''), /neither a bundle/);
  await refused({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('\x89PNG\r\n\x1a\nrubbish') }, /No QR code can be read/);
  await refused(textFile('doublerandom/policy/v1\nat noon\n'), /not a policy that can be read.*line 2/);
  await refused(textFile('DR1:ABC'), /text of this code is damaged/);
  await refused({ name: 'huge.txt', mimeType: 'text/plain', buffer: Buffer.alloc(3 << 20, 65) }, /too large/);
  await bring(page, right);
  assert.ok(await page.isHidden('#bring-problem'));
  await bring(page, textFile(policy), '#policy-file');
  assert.equal(await check(page), 'OPENED AND CORRECT');
  await quiet();
});

// absurd returns a zip whose directory states 4 GiB for one file.
function absurd(zip) {
  const copy = Buffer.from(zip);
  const entry = copy.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
  copy.writeUInt32LE(0xfffffff0, entry + 24);
  return copy;
}

test('a small zip that states little and holds much stops at the limit', async () => {
  const { page, quiet } = await visit(browser);
  const { files, policy } = sample('quickstart');
  const bomb = zipOf({ ...files, 'frame.txt': Buffer.alloc(200 << 20, 65) });
  const entry = bomb.buffer.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
  for (let at = entry; at >= 0; at = bomb.buffer.indexOf(Buffer.from('PK\x01\x02', 'latin1'), at + 4)) {
    if (bomb.buffer.toString('latin1', at + 46, at + 55) === 'frame.txt') bomb.buffer.writeUInt32LE(1000, at + 24);
  }
  await bring(page, bomb);
  await bring(page, textFile(policy), '#policy-file');
  assert.match(await check(page), /WRONG|CANNOT TELL/);
  await quiet();
});

test('markup in every name stays text', async () => {
  const { page, quiet } = await visit(browser);
  const { files, policy } = sample('testdraw');
  await bring(page, zipOf(files, '<img src=x onerror=alert(9)>.zip'));
  assert.match(await page.textContent('#brought'), /<img src=x onerror=alert\(9\)>\.zip/);
  assert.match(await page.textContent('#facts'), /<img src=x onerror=alert\(1\)> "Authority" & 'Co'/);
  assert.match(await page.textContent('#facts'), /<\/script><script>alert\(2\)<\/script>/);
  await bring(page, textFile(policy), '#policy-file');
  assert.equal(await check(page), 'OPENED AND CORRECT');
  assert.match(await page.textContent('#chart'), /<svg\/onload=alert\(3\)>/);
  await lookUp(page, '<script>alert(1)</script>');
  assert.match(await page.textContent('#found'), /<script>alert\(1\)<\/script> is row 2 of 60/);
  await page.selectOption('#stratum', 'javascript:alert(4)');
  await page.waitForFunction(() => document.querySelector('#picture').textContent.includes('javascript:alert(4)'));
  await bring(page, { name: '1.note', mimeType: 'text/plain', buffer: files['receipts/1.note'] });
  assert.match(await page.textContent('#brought'), /<script>alert\(\d+\)<\/script>/);
  assert.equal(await check(page), 'OPENED AND CORRECT');
  assert.equal(await page.locator('main img, main script, main iframe, main a, main [onload], main [onerror]').count(), 0);
  await page.screenshot({ path: path.join(shots, 'hostile.png'), fullPage: true });
  await quiet();
});
