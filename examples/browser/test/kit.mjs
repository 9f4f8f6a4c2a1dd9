// What the tests share: files, a browser, a server, and a page that is watched.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { deflateSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { chromium } from 'playwright-core';

export const folder = path.join(import.meta.dirname, '..');
export const built = path.join(folder, 'dist', 'index.html');
export const fileURL = pathToFileURL(built).href;
const scratch = mkdtempSync(path.join(os.tmpdir(), 'browser-test-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
export const shots = process.env.SHOTS ?? path.join(scratch, 'shots'); // screenshots
mkdirSync(shots, { recursive: true });

// tree returns the files below a folder by name.
export function tree(dir, prefix = '', files = {}) {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (entry.isDirectory()) tree(path.join(dir, entry.name), `${prefix}${entry.name}/`, files);
    else files[prefix + entry.name] = readFileSync(path.join(dir, entry.name));
  }
  return files;
}

// zipOf returns files as what a visitor would choose.
export const zipOf = (files, name = 'bundle.zip') => ({
  name, mimeType: 'application/zip', buffer: Buffer.from(zipSync(Object.fromEntries(Object.entries(files).map(([k, v]) => [k, new Uint8Array(Buffer.from(v))])))),
});
export const textFile = (text, name = 'text.txt') => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

// sample returns a draw by one of the project's programs: quickstart or testdraw. CI
// makes it once for all files of tests and names the folder in the environment.
const made = new Map();
export function sample(program) {
  if (!made.has(program)) {
    const dir = process.env.SAMPLES ? path.join(process.env.SAMPLES, program) : path.join(scratch, program);
    if (!existsSync(dir)) {
      const args = program === 'quickstart' ? ['run', '../quickstart', '-size', '20000', '-out', dir] : ['run', './testdraw', dir];
      execFileSync('go', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    }
    made.set(program, { files: tree(path.join(dir, 'bundle')), policy: readFileSync(path.join(dir, 'policy.txt'), 'utf8') });
  }
  return made.get(program);
}

// vector returns one of the protocol's vectors.
export function vector(name) {
  return JSON.parse(readFileSync(path.join(folder, '../../draw/testdata/protocol', `${name}.json`), 'utf8'));
}

// packed returns the text of a receipt's code (draw/SPEC.md, section 12.6), written
// apart from the library.
export function packed(note) {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
  const bytes = deflateSync(note, { level: 9 });
  let text = 'DR1:';
  for (let i = 0; i < bytes.length; i += 2) {
    const pair = i + 1 < bytes.length;
    let n = pair ? bytes[i] * 256 + bytes[i + 1] : bytes[i];
    for (let k = 0; k < (pair ? 3 : 2); k++) {
      text += alphabet[n % 45];
      n = Math.floor(n / 45);
    }
  }
  return text;
}

// serve serves the page over HTTP and returns its address; close it with stop.
export function serve() {
  const server = http.createServer((request, response) => {
    response.writeHead(request.url === '/' ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
    response.end(request.url === '/' ? readFileSync(built) : '');
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ url: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() }));
  });
}

export function launch(...more) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...more],
  });
}

// visit opens the page. Whatever it asks of a network, whatever it breaks and whatever
// it says on the console is remembered; quiet asserts that there was nothing.
export async function visit(browser, { url = fileURL, lang = 'en', size = { width: 1100, height: 900 }, dark = false, locale = 'en-GB', permissions = [] } = {}) {
  const context = await browser.newContext({ viewport: size, colorScheme: dark ? 'dark' : 'light', locale, permissions });
  const page = await context.newPage();
  const noise = [];
  page.on('console', (message) => noise.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => noise.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => { noise.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', (request) => {
    const asked = request.url().split('#')[0];
    if (asked !== url && !/^(blob|data):/.test(asked)) noise.push(`request: ${asked}`);
  });
  await page.addInitScript(() => {
    globalThis.violations = [];
    addEventListener('securitypolicyviolation', (event) => globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  await page.goto(lang ? `${url}#${lang}` : url);
  return {
    page,
    quiet: async () => {
      assert.deepEqual(noise, []);
      assert.deepEqual(await page.evaluate(() => globalThis.violations), []);
      await context.close();
    },
    close: () => context.close(),
  };
}

// bring chooses a file and waits until the page has taken or refused it.
export async function bring(page, file, input = '#file') {
  await page.setInputFiles(input, file);
  await page.waitForFunction((selector) => document.querySelector(selector).value === '' && !document.body.hasAttribute('aria-busy'), input);
}

// check presses the button and returns the verdict's title.
export async function check(page) {
  await page.click('#verify');
  await page.waitForFunction(() => !document.body.hasAttribute('aria-busy'), null, { timeout: 120_000 });
  return page.textContent('#verdict');
}

// statusOf returns the status shown for a check, by its title.
export async function statusOf(page, title) {
  return (await page.locator('#checks li', { hasText: title }).first().getAttribute('class')).replace('is-', '');
}

// lookUp searches for a company and returns the answer.
export async function lookUp(page, id) {
  await page.fill('#id', id);
  await page.click('#find button');
  await page.waitForFunction((wanted) => document.querySelector('#found .who')?.textContent === wanted, id);
  return page.textContent('#found .say');
}
