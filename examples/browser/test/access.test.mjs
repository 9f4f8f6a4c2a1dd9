import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { bring, check, launch, lookUp, sample, shots, textFile, visit, zipOf } from './kit.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// faults returns what axe finds wrong. It is run in the page by the test tool, which the
// page's policy does not bind.
async function faults(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
}

async function full(page) {
  const { files, policy } = sample('quickstart');
  await bring(page, zipOf(files));
  await bring(page, textFile(policy), '#policy-file');
  await check(page);
  await lookUp(page, files['result.txt'].toString().match(/^unit 1 (\S+)/m)[1]);
}

for (const { lang, dark } of [{ lang: 'en', dark: false }, { lang: 'zh', dark: true }]) {
  test(`axe finds nothing, ${lang}, ${dark ? 'dark' : 'light'}`, async () => {
    const { page, close } = await visit(browser, { lang, dark });
    assert.deepEqual(await faults(page), []);
    await page.click('#verify');
    await page.waitForSelector('#check-problem:not([hidden])');
    assert.deepEqual(await faults(page), []);
    await full(page);
    assert.deepEqual(await faults(page), []);
    await page.screenshot({ path: path.join(shots, `axe-${lang}.png`), fullPage: true });
    await close();
  });
}

test('axe finds nothing in a wrong verdict and beside a draft', async () => {
  for (const dark of [false, true]) {
    const { page, close } = await visit(browser, { dark });
    const { files, policy } = sample('quickstart');
    await bring(page, zipOf({ ...files, 'frame.txt': Buffer.from('') }));
    assert.deepEqual(await faults(page), []);
    await bring(page, textFile(policy), '#policy-file');
    assert.equal(await check(page), 'WRONG');
    assert.deepEqual(await faults(page), []);
    await close();
  }
});

for (const width of [320, 390]) {
  for (const lang of ['en', 'zh']) {
    test(`a narrow screen: ${width} pixels, ${lang}`, async () => {
      const { page, quiet } = await visit(browser, { lang, size: { width, height: 700 } });
      const fits = async () => {
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no scrolling sideways');
        const small = await page.evaluate(() => [...document.querySelectorAll('button, .button, summary, select, input:not(.hidden-input):not([type=checkbox])')]
          .filter((e) => e.getClientRects().length && e.getBoundingClientRect().height < 24).map((e) => e.id || e.textContent));
        assert.deepEqual(small, [], 'large enough to touch');
      };
      await fits();
      await full(page);
      await fits();
      await page.screenshot({ path: path.join(shots, `narrow-${width}-${lang}.png`), fullPage: true });
      await quiet();
    });
  }
}

test('by keyboard alone', async () => {
  const { page, quiet } = await visit(browser);
  const { files, policy } = sample('quickstart');
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className || document.activeElement.tagName);
  // to presses Tab until an element has the focus, which must be seen.
  const to = async (id) => {
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      if (await focused() !== id) continue;
      const seen = await page.evaluate(() => {
        const e = document.activeElement;
        return [e, e.parentElement].some((x) => getComputedStyle(x).outlineStyle === 'solid');
      });
      assert.ok(seen, `the focus on ${id} can be seen`);
      return;
    }
    assert.fail(`no way to ${id}`);
  };
  page.on('filechooser', () => {}); // or the tool would stop and start listening between the two
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'skip');
  await page.keyboard.press('Enter');
  assert.equal(await focused(), 'main');
  await to('file');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Space')]);
  await chooser.setFiles(zipOf(files));
  await page.waitForSelector('#brought li');
  await page.waitForFunction(() => !document.body.hasAttribute('aria-busy'));
  await to('policy-file');
  const [second] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Space')]);
  await second.setFiles(textFile(policy));
  await page.waitForFunction(() => document.getElementById('policy-state').textContent === 'Your own policy.');
  await to('verify');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#wheel:not([hidden])');
  assert.equal(await focused(), 'verdict');
  assert.match(await page.textContent('#live'), /^Done\. OPENED AND CORRECT$/);
  await to('id');
  await page.keyboard.type(files['result.txt'].toString().match(/^unit 1 (\S+)/m)[1]);
  await page.keyboard.press('Enter');
  await page.waitForSelector('#found .is-drawn');
  await to('chart');
  await to('stratum');
  const before = await page.getAttribute('#picture .wheel', 'aria-label');
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction((text) => document.querySelector('#picture .wheel').getAttribute('aria-label') !== text, before);
  await quiet();
});
