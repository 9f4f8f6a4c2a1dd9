// Puts the page into one file: styles, scripts and the program, with a policy that
// lets the browser run exactly these and nothing else.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';

const [wasmFile, wasmExec, most, out] = process.argv.slice(2);
const web = path.join(import.meta.dirname, 'web');

const packed = gzipSync(await readFile(wasmFile), { level: 9 });
console.log(`program: ${packed.length} bytes packed, of ${most} allowed`);
if (packed.length > Number(most)) {
  console.error('the program is too large');
  process.exit(1);
}

// bundle returns one script from a file; names of modules can be given contents.
async function bundle(entry, modules = {}) {
  const result = await esbuild.build({
    entryPoints: [path.join(web, entry)], bundle: true, write: false, format: 'iife', target: 'es2022', minify: true, legalComments: 'inline', charset: 'utf8',
    plugins: [{
      name: 'given',
      setup(build) {
        for (const [name, { contents, loader }] of Object.entries(modules)) {
          build.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: name, namespace: 'given' }));
          build.onLoad({ filter: new RegExp(`^${name}$`), namespace: 'given' }, () => ({ contents, loader }));
        }
      },
    }],
  });
  return result.outputFiles[0].text;
}

const worker = await bundle('worker.js', { 'wasm-exec': { contents: await readFile(wasmExec, 'utf8'), loader: 'js' } });
// A script must not end the element that holds it.
const script = (await bundle('main.js', { 'worker-source': { contents: worker, loader: 'text' } })).replaceAll('</script', '<\\/script');
const style = (await esbuild.transform(await readFile(path.join(web, 'style.css'), 'utf8'), { loader: 'css', minify: true })).code;

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const csp = [
  "default-src 'none'", `script-src ${hash(script)} 'wasm-unsafe-eval'`, `style-src ${hash(style)}`, 'worker-src blob:', 'img-src blob: data:',
  "connect-src 'none'", "base-uri 'none'", "form-action 'none'",
].join('; ');

const parts = { csp, style, script, wasm: packed.toString('base64') };
const page = (await readFile(path.join(web, 'index.html'), 'utf8')).replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
await writeFile(out, page);
console.log(`${out}: ${Buffer.byteLength(page)} bytes`);
