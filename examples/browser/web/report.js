// The verdict and every check.
import { byId, english, make, say, show, when } from './dom.js';
import { text } from './texts.js';

const signs = { ok: '✓', wrong: '✕', missing: '?', 'not-proven': '?', skipped: '–' };
const banners = { right: '✓', wrong: '✕', open: '?' };

function finding(f) {
  const item = make('div', { class: 'finding' }, make('p', {}, english(f.text)));
  if (f.have || f.want) {
    item.append(make('dl', { class: 'compare' },
      make('dt', {}, text('have')), make('dd', { class: 'code' }, f.have ?? ''),
      make('dt', {}, text('want')), make('dd', { class: 'code' }, f.want ?? '')));
  }
  return item;
}

function check(c) {
  return make('li', { class: `is-${c.status}` },
    make('span', { class: 'sign', 'aria-hidden': 'true' }, signs[c.status]),
    make('div', {},
      make('p', { class: 'title' }, make('span', { class: 'word' }, c.word), ' ', make('span', {}, c.title)),
      ...c.findings.map(finding)));
}

// showReport shows a report, or hides it. The draft says that the policy was the
// bundle's own.
export function showReport(report, draft) {
  byId('result').hidden = !report;
  if (!report) return;
  byId('banner').className = `banner is-${report.verdict}`;
  byId('sign').textContent = banners[report.verdict];
  say(byId('verdict'), report.title);
  say(byId('plain'), report.plain);
  const judged = text(draft ? 'judgedDraft' : 'judgedOwn');
  say(byId('provenance'), { en: `${judged.en} ${when(report.at)} UTC.`, zh: `${judged.zh} ${when(report.at)} UTC。` });
  byId('provenance').className = draft ? 'note warn' : 'note';
  show(byId('withheld'), report.withheld.en ? report.withheld : null);
  show(byId('receipt-says'), report.receipt ? report.receipt.sentence : null);
  byId('reason').textContent = report.reason;
  byId('details-note').hidden = false;
  say(byId('details-note'), (lang) => (lang === 'zh' ? report.note : ''));
  byId('checks').replaceChildren(...report.checks.map(check));
}
