import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { bring, check, launch, lookUp, sample, serve, shots, statusOf, textFile, vector, visit, zipOf } from './kit.mjs';

let browser;
let server;
before(async () => { [browser, server] = await Promise.all([launch(), serve()]); });
after(async () => { await browser.close(); server.stop(); });

for (const from of ['file', 'http']) {
  test(`a right bundle, from ${from}`, async () => {
    const { page, quiet } = await visit(browser, from === 'http' ? { url: server.url } : {});
    const { files, policy } = sample('quickstart');
    await bring(page, zipOf(files));
    assert.match(await page.textContent('#facts'), /AuthorityMarket Supervision of the Sample City/);
    assert.match(await page.textContent('#story'), /2026-11-24 09:00Draw announced/);
    assert.match(await page.textContent('#story'), /seen by inspection\.example 2026-11-24 09:00/);
    await bring(page, textFile(policy), '#policy-file');
    assert.equal(await page.textContent('#policy-state'), 'Your own policy.');
    assert.equal(await check(page), 'OPENED AND CORRECT');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'verdict');
    assert.match(await page.textContent('#provenance'), /^Judged under your own policy, as of 2027-01-04 09:00 UTC\.$/);
    assert.equal(await statusOf(page, 'exactly these companies follow from plan and seed'), 'ok');
    assert.equal(await statusOf(page, 'the roster of inspectors follows'), 'ok');
    assert.equal(await page.locator('#checks li').count(), 22);

    const result = files['result.txt'].toString();
    const [, label, , , quota, drawn] = result.match(/^stratum (\S+) (\d+) (\d+) (\S+) (\d+)$/m);
    const [, id, ticket] = result.match(/^unit 1 (\S+) (\w+)$/m);
    assert.equal(await lookUp(page, id), 'Yes, it is in the list, and it was drawn.');
    const found = await page.textContent('#found');
    assert.ok(found.includes(`Ticket${ticket}`), found);
    assert.match(found, /Cut-off of its group[0-9a-f]{32}/);
    assert.match(found, /Chance to be drawn\d+\/\d+ ≈ [\d.]+ %, about 1 in \d+/);
    assert.match(found, /not above that: it was drawn, with rank 1\./);
    const other = files['frame.txt'].toString().split('\n').map((line) => line.split(' ')[0]).find((unit) => unit && !result.includes(unit));
    assert.equal(await lookUp(page, other), 'It is in the list, and it was not drawn.');
    await lookUp(page, id);
    await page.fill('#id', id.toLowerCase());
    await page.click('#find button');
    await page.waitForFunction((wanted) => document.querySelector('#found .who')?.textContent === wanted, id);
    assert.match(await lookUp(page, '913702001234567890'), /^No: there is no company with exactly this number/);

    const row = page.locator('#chart tbody tr', { hasText: label });
    assert.match(await row.textContent(), new RegExp(`${label}.*${quota}${drawn}$`.replace(/\u202f/g, '')));
    assert.equal(await page.locator('#chart tbody tr').count(), (result.match(/^stratum /gm) ?? []).length);
    assert.ok(await page.locator('#chart .bars .drawn').first().getAttribute('width') > 0);
    await page.selectOption('#stratum', label);
    await page.waitForFunction((wanted) => document.querySelector('#picture .wheel')?.getAttribute('aria-label').includes(wanted), label);
    const counts = await page.locator('#picture tbody tr td:last-child').allTextContents();
    assert.equal(counts.reduce((sum, n) => sum + Number(n.replace(/\u202f/g, '')), 0), Number(drawn));
    await page.screenshot({ path: path.join(shots, `right-${from}.png`), fullPage: true });
    await quiet();
  });
}

test('the draft of a policy must be confirmed, and the verdict says that it was one', async () => {
  const { page, quiet } = await visit(browser);
  const { files, policy } = sample('quickstart');
  await bring(page, zipOf(files));
  assert.match(await page.textContent('#draft-note'), /Nothing was verified/);
  await check(page);
  assert.match(await page.textContent('#check-problem'), /The policy is the bundle’s own draft/);
  assert.ok(await page.isHidden('#result'));
  assert.equal(await page.evaluate(() => document.activeElement.id), 'confirm');
  await page.fill('#policy', (await page.inputValue('#policy')).replace(/^at .*$/m, 'at 2027-01-04T09:00:00Z'));
  await page.check('#confirm');
  assert.equal(await check(page), 'CANNOT TELL', 'the draft has no value of the beacon');
  const value = policy.match(/^value (\S+) (\S+) (\S+)$/m);
  await page.click('#value-form summary');
  assert.equal(await page.inputValue('#value-round'), value[1]);
  assert.equal(await page.inputValue('#value-value'), '', 'the number is for the visitor to look up');
  await page.fill('#value-value', value[3]);
  await page.click('#value button');
  await page.waitForFunction((text) => document.getElementById('policy').value.includes(text), value[0]);
  assert.ok(await page.isHidden('#result'), 'the verdict was of another policy');
  assert.equal(await check(page), 'OPENED AND CORRECT');
  assert.match(await page.textContent('#provenance'), /a draft that the bundle made of itself and you confirmed/);
  const edited = await page.inputValue('#policy');
  await bring(page, textFile(files['receipts/drawn.note'], 'drawn.note'));
  assert.equal(await page.inputValue('#policy'), edited, 'a receipt leaves the draft as it was edited');
  assert.equal(await check(page), 'OPENED AND CORRECT');
  await page.screenshot({ path: path.join(shots, 'draft.png'), fullPage: true });
  await quiet();
});

const titles = {
  'opened and correct': 'OPENED AND CORRECT', fixed: /^FIXED/, void: /^VOID/, 'opened, selection not publicly checkable': /^OPENED, selection not/, 'order not proven': /^ORDER NOT PROVEN/,
};
for (const name of ['open-beacon', 'no-beacon', 'chain', 'fractional', 'salted-hidden', 'sealed-fixed', 'sealed', 'void', 'void-early', 'withheld']) {
  test(`the vector ${name}`, async () => {
    const { page, quiet } = await visit(browser);
    const v = vector(`valid-${name}`);
    await bring(page, zipOf(v.files));
    await bring(page, textFile(v.policy), '#policy-file');
    assert.match(await check(page), new RegExp(titles[v.verdict]), v.verdict);
    const shown = 'frame.txt' in v.files;
    assert.equal(await page.isVisible('#search'), shown);
    if (shown) {
      const id = v.files['frame.txt'].split(' ')[0];
      const answer = await lookUp(page, id);
      if ('result.txt' in v.files) assert.match(answer, /drawn/);
      else {
        assert.equal(answer, 'Yes, it is in the list. Whether it was drawn is not public yet.');
        assert.match(await page.textContent('#found'), /Chance to be drawn/);
      }
    }
    await quiet();
  });
}

test('in Chinese', async () => {
  const { page, quiet } = await visit(browser, { lang: '', locale: 'zh-CN' });
  assert.equal(await page.textContent('h1'), '自行核验一次公开抽取');
  assert.equal(await page.getAttribute('html', 'lang'), 'zh-Hans');
  assert.equal(await page.title(), '核验公开抽取');
  const { files, policy } = sample('quickstart');
  await bring(page, zipOf(files));
  await bring(page, textFile(policy), '#policy-file');
  assert.equal(await check(page), '已公开，正确');
  const id = files['result.txt'].toString().match(/^unit 1 (\S+)/m)[1];
  assert.equal(await lookUp(page, id), '在名录中，已被抽中。');
  assert.match(await page.textContent('#found'), /不大于该号，故抽中，排名第 1。/);
  await page.screenshot({ path: path.join(shots, 'chinese.png'), fullPage: true });
  await page.click('#language');
  assert.equal(await page.textContent('#verdict'), 'OPENED AND CORRECT', 'what is shown follows the language');
  assert.match(await page.textContent('#found'), /Yes, it is in the list, and it was drawn\./);
  assert.match(page.url(), /#en$/);
  await page.reload();
  assert.equal(await page.textContent('h1'), 'Check a public draw yourself', 'the address remembers the language');
  await quiet();
});
