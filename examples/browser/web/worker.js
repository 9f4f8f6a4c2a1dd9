// Runs the Go program: it answers requests, each of which may take seconds, so that
// the page itself never waits.
import { hasher } from './sha256.js';
import 'wasm-exec'; // of the Go toolchain; defines Go

const ready = new Promise((resolve) => {
  globalThis.doublerandom = {
    ready: resolve,
    progress: (name, done, size) => postMessage({ progress: [name, done, size] }),
  };
});

onmessage = async ({ data }) => {
  try {
    if (data.module) {
      const go = new Go();
      let blocks = null; // needs the program's memory, which comes with the program
      const imports = { ...go.importObject, doublerandom: { blocks: (state, message, n) => blocks(state, message, n) } };
      const instance = await WebAssembly.instantiate(data.module, imports);
      blocks = hasher(instance.exports.mem);
      go.run(instance).then(() => postMessage({ crashed: 'the program ended' }), (error) => postMessage({ crashed: String(error) }));
      return;
    }
    await ready;
    const answer = globalThis.doublerandom.call(data.name, data.bytes);
    if (typeof answer !== 'string') throw new Error('the program ended'); // within the call, as without memory
    postMessage({ id: data.id, answer });
  } catch (error) {
    postMessage({ crashed: String(error) });
  }
};
