// How far a verification has come.
import { byId, say, tell } from './dom.js';
import { text } from './texts.js';

export class Progress {
  #began = 0;
  #timer = null;
  #heard = 0;     // when the worker last said something
  #file = null;   // {name, percent}
  #step = 'starting';

  constructor(client) {
    client.onProgress = (name, done, size) => {
      const percent = size > 0 ? Math.min(100, Math.floor((100 * done) / size)) : 0;
      if (this.#timer && this.#step === 'starting' && this.#file?.name !== name) tell({ en: `${text('reading').en} ${name}`, zh: `${text('reading').zh} ${name}` });
      this.#file = { name, percent };
      this.#heard = performance.now();
      if (this.#timer) this.#show();
    };
  }

  begin() {
    this.#began = this.#heard = performance.now();
    this.#file = null;
    this.#step = 'starting';
    byId('progress').hidden = false;
    byId('cancel').hidden = false;
    byId('verify').disabled = true;
    this.#timer ??= setInterval(() => this.#show(), 250);
    this.#show();
    tell(text('starting'));
  }

  // step says what is done next.
  step(key) {
    this.#step = key;
    this.#file = null;
    this.#show();
  }

  end() {
    clearInterval(this.#timer);
    this.#timer = null;
    byId('progress').hidden = true;
    byId('cancel').hidden = true;
    byId('verify').disabled = false;
  }

  #show() {
    const silent = performance.now() - this.#heard > 600;
    const seconds = Math.floor((performance.now() - this.#began) / 1000);
    const line = (lang) => {
      let what = text(this.#step)[lang];
      if (this.#file && silent) what = text('computing')[lang];
      else if (this.#file) what = `${text('reading')[lang]} ${this.#file.name}: ${this.#file.percent} %`;
      return `${what} ${seconds} ${text('seconds')[lang]}`;
    };
    say(byId('progress-text'), line);
    const bar = byId('bar');
    if (this.#file && !silent) bar.value = this.#file.percent;
    else bar.removeAttribute('value');
  }
}
