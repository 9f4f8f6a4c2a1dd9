// The page: what was brought, whom it is checked against, and what came of it.
import { mostBytes, recognise, recogniseText } from './bring.js';
import { scan } from './camera.js';
import { Cancelled, Client } from './client.js';
import { byId, make, setLanguage, show, tell, currentLanguage } from './dom.js';
import { Policy } from './policy.js';
import { Progress } from './progress.js';
import { showReport } from './report.js';
import { showFound, showSearch } from './search.js';
import { showStory } from './story.js';
import { showStrata } from './strata.js';
import { text } from './texts.js';
import { showWheel } from './wheel.js';

const client = new Client();
const progress = new Progress(client);
const policy = new Policy(client, forgetResult);
let bundle = null;  // {file, says}
let receipt = null; // {text, says}
let stale = false;  // the worker was stopped and knows nothing any more
let busy = false;

// problemOf turns whatever was thrown into something to show.
function problemOf(error) {
  if (error?.text) return error;
  if (error instanceof Cancelled) return null;
  stale = true;
  return { text: text('crashed'), detail: error?.message ?? String(error) };
}

const bytesOf = async (file) => new Uint8Array(await file.arrayBuffer());

function forgetResult() {
  showReport(null);
  showSearch(null);
  showStrata(null);
  byId('wheel').hidden = true;
}

// restore tells a new worker what the old one knew.
async function restore() {
  if (!stale) return;
  if (bundle) await client.call('open', await bytesOf(bundle.file));
  if (receipt) await client.call('receipt', new TextEncoder().encode(receipt.text));
  stale = false;
}

function showBrought() {
  const item = (title, detail, drop) => {
    const remove = make('button', { type: 'button', class: 'plain' }, text('remove'));
    remove.addEventListener('click', () => attempt('bring-problem', drop));
    return make('li', {}, make('p', {}, make('strong', {}, title), ' ', detail), remove);
  };
  const items = [];
  if (bundle) {
    const { en, zh } = text('files');
    const n = bundle.says.files;
    items.push(item(text('bundleOf'), { en: `${bundle.file.name}, ${n} ${en}`, zh: `${bundle.file.name}，${n} ${zh}` }, async () => {
      bundle = null;
      if (!stale) await client.call('close');
      bundleChanged();
      byId('file').focus();
    }));
  }
  if (receipt) {
    items.push(item(text('receipt'), receipt.says.sentence, async () => {
      receipt = null;
      if (!stale) await client.call('drop-receipt');
      changed();
      byId('file').focus();
    }));
  }
  byId('brought').replaceChildren(...items);
}

function changed() {
  forgetResult();
  showBrought();
}

function bundleChanged() {
  changed();
  showStory(bundle?.says ?? null);
  policy.offer(bundle?.says ?? null);
}

// take takes something that was recognised.
async function take(found) {
  await restore();
  if (found.kind === 'bundle') {
    const says = await client.call('open', await bytesOf(found.file));
    bundle = { file: found.file, says };
    bundleChanged();
    tell(text('tookBundle'));
  } else if (found.kind === 'receipt') {
    const says = await client.call('receipt', new TextEncoder().encode(found.text));
    receipt = { text: found.text, says };
    changed();
    tell(text('tookReceipt'));
  } else if (found.kind === 'policy') {
    await policy.own(found.text);
    tell(text('tookPolicy'));
  } else {
    throw { text: text('unknown') };
  }
}

// attempt does something one at a time and shows what goes wrong.
async function attempt(place, action) {
  if (busy) return;
  busy = true;
  show(byId(place), null);
  document.body.setAttribute('aria-busy', 'true');
  try {
    await action();
  } catch (error) {
    show(byId(place), problemOf(error));
  } finally {
    busy = false;
    document.body.removeAttribute('aria-busy');
  }
}

const takeFile = (file) => attempt('bring-problem', async () => {
  if (file) await take(await recognise(file));
});

byId('file').addEventListener('change', async (event) => {
  const [file] = event.target.files;
  await takeFile(file);
  event.target.value = ''; // so that the same file can be chosen again
});
byId('take').addEventListener('click', () => attempt('bring-problem', async () => {
  await take(recogniseText(byId('pasted').value));
  byId('pasted').value = '';
}));
byId('scan').addEventListener('click', () => attempt('bring-problem', async () => {
  const found = await scan();
  if (found !== null) await take(recogniseText(found));
  byId('scan').focus();
}));
byId('camera-close').addEventListener('click', () => byId('camera').close());

for (const kind of ['dragover', 'dragenter']) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    byId('drop').classList.add('over');
  });
}
document.addEventListener('dragleave', () => byId('drop').classList.remove('over'));
document.addEventListener('drop', (event) => {
  event.preventDefault();
  byId('drop').classList.remove('over');
  takeFile(event.dataTransfer.files[0]);
});

byId('policy-file').addEventListener('change', (event) => attempt('trust-problem', async () => {
  const [file] = event.target.files;
  if (file && file.size <= mostBytes) await policy.own(await file.slice(0, 1 << 20).text());
  event.target.value = '';
}));
byId('value').addEventListener('submit', (event) => {
  event.preventDefault();
  attempt('trust-problem', () => policy.addValue());
});

byId('verify').addEventListener('click', () => attempt('check-problem', async () => {
  forgetResult();
  if (!bundle && !receipt) throw { text: text('needBring') };
  const draft = policy.usedAsDraft();
  progress.begin();
  try {
    await restore();
    await policy.send();
    const report = await client.call('verify');
    showReport(report, draft);
    byId('verdict').focus();
    tell({ en: `${text('done').en} ${report.title.en}`, zh: `${text('done').zh}${report.title.zh}` });
    if (report.rows) {
      progress.step('preparing');
      const search = await client.call('prepare').catch((problem) => {
        if (!problem.text) throw problem;
        show(byId('check-problem'), problem);
        return null;
      });
      if (search) await showRows(search);
    }
  } finally {
    progress.end();
  }
}));

async function showRows(search) {
  showSearch(search);
  showStrata(search);
  byId('stratum').replaceChildren(...search.strata.map((s) => make('option', { value: s.label }, s.label)));
  byId('wheel').hidden = search.strata.length === 0;
  if (search.strata.length) showWheel(await client.call('wheel', [search.strata[0].label]));
}

byId('cancel').addEventListener('click', () => {
  stale = true;
  client.cancel();
  progress.end();
  tell(text('cancelled'));
  byId('verify').focus();
});
byId('find').addEventListener('submit', async (event) => {
  event.preventDefault();
  const id = byId('id').value.trim();
  if (id === '') {
    showFound({ text: text('needId') });
    byId('id').focus();
    return;
  }
  await attempt('check-problem', async () => showFound(await client.call('find', [id])));
});
byId('stratum').addEventListener('change', () => attempt('check-problem', async () => {
  showWheel(await client.call('wheel', [byId('stratum').value]));
}));

// The language is in the address, so that a link can name it; otherwise the browser's.
function languageNow() {
  const asked = location.hash.slice(1);
  if (asked === 'en' || asked === 'zh') return asked;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}
function speak(lang) {
  setLanguage(lang);
  const button = byId('language');
  button.textContent = lang === 'zh' ? 'English' : '中文';
  button.lang = lang === 'zh' ? 'en' : 'zh-Hans';
}
byId('language').addEventListener('click', () => {
  const other = currentLanguage() === 'zh' ? 'en' : 'zh';
  history.replaceState(null, '', `#${other}`);
  speak(other);
});
addEventListener('hashchange', () => {
  if (location.hash !== '#main') speak(languageNow());
});

speak(languageNow());
policy.offer(null);
if (typeof WebAssembly !== 'object' || typeof DecompressionStream !== 'function') show(byId('trouble'), text('old'));
else client.start().catch((error) => show(byId('trouble'), { text: text('crashed'), detail: String(error) }));
