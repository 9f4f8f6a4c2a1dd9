// The worker with the Go program, from this side: one request at a time, progress,
// and an end to it that can be asked for at any moment.
import workerSource from 'worker-source'; // the bundled worker, as a text

let moduleOnce;

// compile unpacks and compiles the program, which lies in the page as base64 of gzip.
function compile() {
  moduleOnce ??= (async () => {
    const element = document.getElementById('wasm');
    const packed = Uint8Array.from(atob(element.textContent), (c) => c.charCodeAt(0));
    element.remove();
    const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    return WebAssembly.compile(await new Response(unpacked).arrayBuffer());
  })();
  return moduleOnce;
}

export class Cancelled extends Error {}
export class Crashed extends Error {}

export class Client {
  #worker = null;
  #waiting = new Map();
  #next = 1;
  onProgress = () => {};

  // start starts the worker; a request does so, too.
  async start() {
    const module = await compile();
    if (this.#worker) return;
    const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
    this.#worker = new Worker(url);
    URL.revokeObjectURL(url);
    this.#worker.onmessage = ({ data }) => {
      if (data.progress) {
        this.onProgress(...data.progress);
        return;
      }
      if (data.crashed) {
        this.#end(new Crashed(data.crashed));
        return;
      }
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      const answer = JSON.parse(data.answer);
      if (answer.problem) waiting.reject(answer.problem);
      else waiting.resolve(answer.ok);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#end(new Crashed(event.message));
    };
    this.#worker.postMessage({ module });
  }

  // call sends a request with the bytes of a file or a list of texts. It resolves with
  // the answer, or rejects with a Problem, Cancelled or Crashed.
  async call(name, data = []) {
    await this.start();
    const bytes = data instanceof Uint8Array ? data : new TextEncoder().encode(JSON.stringify(data));
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, name, bytes });
    });
  }

  // cancel stops the worker with all that it knows.
  cancel() {
    this.#end(new Cancelled());
  }

  #end(error) {
    this.#worker?.terminate();
    this.#worker = null;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
