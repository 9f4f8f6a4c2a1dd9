// The chart of strata. It is a table with bars, so that it can be read aloud, too.
import { byId, draw, make, say } from './dom.js';
import { text } from './texts.js';

const first = 200; // rows shown at once

export const number = (n) => String(n).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');

// quantity writes an expected number, with two digits if it is not whole.
const quantity = (x) => (Number.isInteger(x) ? number(x) : x.toFixed(2));

function bars(stratum, most) {
  const width = (v) => ((v / most) * 100).toFixed(3);
  const picture = draw('svg', { viewBox: '-0.3 0 101 20', preserveAspectRatio: 'none', class: 'bars', 'aria-hidden': 'true' },
    draw('rect', { x: 0, y: 2, width: width(stratum.expected), height: 7, class: 'expected' }));
  if (stratum.drawn >= 0) picture.append(draw('rect', { x: 0, y: 11, width: width(stratum.drawn), height: 7, class: 'drawn' }));
  return picture;
}

function row(stratum, most) {
  return make('tr', {},
    make('th', { scope: 'row' }, stratum.label),
    make('td', { class: 'wide-only' }, number(stratum.units)),
    make('td', {}, quantity(stratum.expected)),
    make('td', {}, stratum.drawn < 0 ? '–' : number(stratum.drawn)),
    make('td', { class: 'bar' }, bars(stratum, most)));
}

// showStrata shows the chart, or hides it.
export function showStrata(search) {
  byId('strata').hidden = !search;
  if (!search) return;
  say(byId('chart'), text('strataTable'), 'aria-label');
  say(byId('strata-help'), text(search.opened ? 'strataHelp' : 'strataSecret'));
  const most = Math.max(1, ...search.strata.map((s) => Math.max(s.expected, s.drawn)));
  const head = (key, c = '') => make('th', { scope: 'col', class: c }, text(key));
  const body = make('tbody', {}, ...search.strata.slice(0, first).map((s) => row(s, most)));
  const together = { label: '', units: search.units, expected: search.strata.reduce((a, s) => a + s.expected, 0), drawn: search.opened ? search.drawn : -1 };
  const table = make('table', {},
    make('thead', {}, make('tr', {}, head('stratum'), head('units', 'wide-only'), head('expected'), head('drawn'), head('bars', 'bar'))),
    body,
    make('tfoot', {}, make('tr', {},
      make('th', { scope: 'row' }, text('total')), make('td', { class: 'wide-only' }, number(together.units)),
      make('td', {}, quantity(Math.round(together.expected * 100) / 100)), make('td', {}, together.drawn < 0 ? '–' : number(together.drawn)), make('td', { class: 'bar' }))));
  byId('chart').replaceChildren(table);
  if (search.strata.length > first) {
    const more = make('button', { type: 'button' }, text('more'));
    more.addEventListener('click', () => {
      body.append(...search.strata.slice(first).map((s) => row(s, most)));
      more.remove();
      byId('chart').focus();
    });
    byId('chart').append(more);
  }
}
