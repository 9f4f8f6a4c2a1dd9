import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import encode from 'qr';
import { bring, check, launch, packed, sample, shots, statusOf, textFile, visit, zipOf } from './kit.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const notes = () => {
  const { files, policy } = sample('quickstart');
  return { files, policy, drawn: files['receipts/drawn.note'], not: files['receipts/not-drawn.note'] };
};

test('a receipt in a file, with a policy', async () => {
  const { page, quiet } = await visit(browser);
  const { drawn, policy } = notes();
  await bring(page, { name: 'drawn.note', mimeType: 'application/octet-stream', buffer: drawn });
  assert.match(await page.textContent('#brought'), /^Receipt It says: \w+ is row [\d\u202f]+ of [\d\u202f]+ in the list, in stratum \d+ with weight \d, and was drawn, with rank \d+ in its group\./);
  await check(page);
  assert.match(await page.textContent('#check-problem'), /Load your policy first/);
  await bring(page, textFile(policy)); // the first field takes it, too
  assert.match(await check(page), /^FIXED/);
  assert.match(await page.textContent('#plain'), /The receipt is genuine/);
  assert.ok(await page.isHidden('#search'));
  await page.screenshot({ path: path.join(shots, 'receipt.png'), fullPage: true });
  await quiet();
});

test('a receipt pasted, as a note and as the text of its code', async () => {
  const { drawn, not, policy } = notes();
  for (const [text, said] of [[`\n ${not}\n`, /neither drawn nor a reserve/], [`${packed(drawn)}\n`, /was drawn/], [String(drawn).replaceAll('\n', '\r\n'), /was drawn/]]) {
    const { page, quiet } = await visit(browser);
    await page.click('#paste summary');
    await page.fill('#pasted', policy);
    await page.click('#take');
    await page.waitForFunction(() => document.getElementById('policy').value !== '');
    await page.fill('#pasted', text);
    await page.click('#take');
    await page.waitForSelector('#brought li');
    assert.match(await page.textContent('#brought'), said);
    assert.match(await check(page), /^FIXED/);
    await quiet();
  }
});

test('a receipt against the bundle, and a forged one', async () => {
  const { page, quiet } = await visit(browser);
  const { files, policy, drawn } = notes();
  await bring(page, zipOf(files));
  await bring(page, textFile(policy), '#policy-file');
  await bring(page, textFile(drawn, 'drawn.note'));
  assert.equal(await check(page), 'OPENED AND CORRECT');
  assert.match(await page.locator('#checks li', { hasText: 'receipts agree' }).textContent(), /the receipt given agrees/);
  await bring(page, textFile(String(drawn).replace(/^outcome drawn (\d+)$/m, (_, n) => `outcome drawn ${Number(n) + 1}`), 'forged.note'));
  assert.equal(await check(page), 'WRONG');
  assert.equal(await statusOf(page, 'every statement is signed by whom it must be'), 'wrong');
  await page.click('#brought li:nth-child(2) button');
  await page.waitForFunction(() => document.querySelectorAll('#brought li').length === 1);
  assert.equal(await check(page), 'OPENED AND CORRECT', 'the receipt is forgotten');
  await quiet();
});

// picture draws a code as a phone would see it: scaled, turned, blurred, in poor light,
// with noise, and compressed.
async function picture(page, text, { module = 4, degrees = 0, blur = 0, noise = 0, quality = 0.9 }) {
  const rows = encode(text, 'raw', { ecc: 'low', border: 4, encoding: 'alphanumeric' });
  const base64 = await page.evaluate(async ({ rows, module, degrees, blur, noise, quality }) => {
    const side = rows.length * module;
    const code = new OffscreenCanvas(side, side);
    const pen = code.getContext('2d');
    pen.fillStyle = '#e8e4da';
    pen.fillRect(0, 0, side, side);
    pen.fillStyle = '#2b2a33';
    rows.forEach((row, y) => row.forEach((dark, x) => dark && pen.fillRect(x * module, y * module, module, module)));
    const canvas = new OffscreenCanvas(Math.ceil(side * 1.5), Math.ceil(side * 1.5));
    const context = canvas.getContext('2d');
    context.fillStyle = '#9a9488';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.filter = blur ? `blur(${blur}px)` : 'none';
    context.translate(canvas.width / 2, canvas.height / 2);
    context.rotate((degrees * Math.PI) / 180);
    context.drawImage(code, -side / 2, -side / 2);
    context.filter = 'none';
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
    let seed = 1;
    for (let i = 0; i < pixels.data.length; i += 4) {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      const shift = ((seed >> 8) % 1000) / 1000 - 0.5;
      for (let k = 0; k < 3; k++) pixels.data[i + k] += 2 * noise * shift;
    }
    context.putImageData(pixels, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let binary = '';
    for (const b of bytes) binary += String.fromCharCode(b);
    return btoa(binary);
  }, { rows, module, degrees, blur, noise, quality });
  return { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(base64, 'base64') };
}

test('a photograph of a receipt’s code', async () => {
  const { drawn, policy } = notes();
  const text = packed(drawn);
  assert.ok(text.length > 2000, 'a large code, as real ones are');
  for (const damage of [{}, { module: 3.3, degrees: 2, quality: 0.7 }, { module: 5, degrees: 8, blur: 1, noise: 25, quality: 0.6 }, { module: 6, degrees: 180, blur: 1.5, noise: 20 }, { module: 5, degrees: 45, blur: 0.7, noise: 10 }]) {
    const { page, quiet } = await visit(browser);
    await bring(page, textFile(policy), '#policy-file');
    const photo = await picture(page, text, damage);
    writeFileSync(path.join(shots, 'photo.jpg'), photo.buffer);
    await bring(page, photo);
    assert.equal(await page.textContent('#bring-problem'), '', JSON.stringify(damage));
    assert.match(await page.textContent('#brought'), /was drawn/);
    assert.match(await check(page), /^FIXED/);
    await quiet();
  }
});

test('a photograph that is no use, and a code of something else', async () => {
  const { page, quiet } = await visit(browser);
  await bring(page, await picture(page, packed(notes().drawn), { module: 2, blur: 6, noise: 80 }));
  assert.match(await page.textContent('#bring-problem'), /No QR code can be read/);
  await bring(page, await picture(page, 'HTTPS://EXAMPLE.COM', { module: 8 }));
  assert.match(await page.textContent('#bring-problem'), /it is no receipt/);
  await quiet();
});

test('a code before the camera', async () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'camera-'));
  const video = path.join(dir, 'code.y4m');
  writeFileSync(video, y4m(encode(packed(notes().drawn), 'raw', { ecc: 'low', border: 4, encoding: 'alphanumeric' }), 6));
  const own = await launch('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${video}`);
  try {
    const { page, quiet } = await visit(own);
    await page.click('#scan');
    await page.waitForSelector('#brought li', { timeout: 30_000 });
    assert.match(await page.textContent('#brought'), /was drawn/);
    assert.ok(await page.isHidden('#camera'));
    await quiet();
  } finally {
    await own.close();
    rmSync(dir, { recursive: true });
  }
});

test('without a camera', async () => {
  const { page, quiet } = await visit(browser);
  await page.click('#scan');
  await page.waitForSelector('#camera-problem:not([hidden])');
  assert.match(await page.textContent('#camera-problem'), /choose the picture instead/);
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.body.hasAttribute('aria-busy'));
  assert.equal(await page.evaluate(() => document.activeElement.id), 'scan');
  await quiet();
});

// y4m returns a film of a code that does not move: two frames, I420.
function y4m(rows, module) {
  const side = Math.ceil((rows.length * module) / 2) * 2;
  const luma = Buffer.alloc(side * side, 220);
  rows.forEach((row, y) => row.forEach((dark, x) => {
    if (dark) for (let j = 0; j < module; j++) luma.fill(30, (y * module + j) * side + x * module, (y * module + j) * side + (x + 1) * module);
  }));
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((side * side) / 2, 128)]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${side} H${side} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]);
}
