// The picture of the wheel and the table beside it.
import { byId, draw, make, say } from './dom.js';
import { number } from './strata.js';
import { text } from './texts.js';

const [outer, inner, middle] = [150, 104, 200]; // radii and centre, in the picture's units
const ticks = 180; // marks that can be drawn one by one

// at returns the point of a place on the circle: a part of it from the top, clockwise.
function at(place, radius) {
  const angle = (place - 0.25) * 2 * Math.PI;
  return `${(middle + radius * Math.cos(angle)).toFixed(2)} ${(middle + radius * Math.sin(angle)).toFixed(2)}`;
}

function arc(a, index) {
  const group = `arc arc-${index % 6}`;
  if (a.to - a.from > 0.9999) {
    return draw('circle', { cx: middle, cy: middle, r: (outer + inner) / 2, class: `${group} whole`, fill: 'none', 'stroke-width': outer - inner });
  }
  const large = a.to - a.from > 0.5 ? 1 : 0;
  return draw('path', {
    class: group,
    d: `M${at(a.from, outer)}A${outer} ${outer} 0 ${large} 1 ${at(a.to, outer)}L${at(a.to, inner)}A${inner} ${inner} 0 ${large} 0 ${at(a.from, inner)}Z`,
  });
}

function label(a, index) {
  if (a.to - a.from < 0.03) return null;
  const [x, y] = at((a.from + a.to) / 2, (outer + inner) / 2).split(' ');
  return draw('text', { x, y, class: 'arc-label', 'text-anchor': 'middle', 'dominant-baseline': 'central' }, index + 1);
}

function marks(wheel) {
  if (!wheel.spun) return [];
  const shapes = [];
  if (wheel.marks <= ticks) {
    for (let j = 0; j < wheel.marks; j++) {
      const place = wheel.start + j / wheel.marks;
      shapes.push(draw('path', { d: `M${at(place, outer + 4)}L${at(place, outer + (j === 0 ? 20 : 12))}`, class: j === 0 ? 'mark first' : 'mark' }));
    }
  } else {
    shapes.push(draw('circle', { cx: middle, cy: middle, r: outer + 8, class: 'many', fill: 'none' }));
    shapes.push(draw('path', { d: `M${at(wheel.start, outer + 4)}L${at(wheel.start, outer + 20)}`, class: 'mark first' }));
  }
  const [x, y] = at(wheel.start, outer + 33).split(' ');
  shapes.push(draw('text', { x, y, class: 'start', 'text-anchor': 'middle', 'dominant-baseline': 'central' }, 1));
  return shapes;
}

function picture(wheel) {
  const arcs = wheel.arcs.filter((a) => !a.certain);
  const svg = draw('svg', { viewBox: '0 0 400 400', role: 'img', class: 'wheel' },
    ...arcs.map(arc), ...arcs.map(label), ...marks(wheel));
  const middleText = draw('text', { x: middle, y: middle - 6, class: 'hub', 'text-anchor': 'middle' }, number(wheel.marks));
  const under = draw('text', { x: middle, y: middle + 18, class: 'hub-small', 'text-anchor': 'middle' });
  say(under, { en: 'marks, no. 1 at the start', zh: '个点，1 为起点' });
  svg.append(middleText, under);
  return say(svg, wheel.text, 'aria-label');
}

function table(wheel) {
  const head = (key, c = '') => make('th', { scope: 'col', class: c }, text(key));
  return make('table', {},
    make('thead', {}, make('tr', {}, head('group'), head('weight'), head('units', 'wide-only'), head('chance'), head('expected'), head('drawn'))),
    make('tbody', {}, ...wheel.arcs.map((a, i) => make('tr', {},
      make('th', { scope: 'row' }, draw('svg', { viewBox: '0 0 10 10', class: 'key', 'aria-hidden': 'true' }, draw('rect', { width: 10, height: 10, class: a.certain ? 'certain' : `arc arc-${i % 6}` })), i + 1),
      make('td', {}, number(a.weight)), make('td', { class: 'wide-only' }, number(a.units)),
      make('td', {}, a.certain ? text('certain') : a.chance), make('td', {}, a.share),
      make('td', {}, wheel.spun ? number(a.drawn) : '–')))));
}

// showWheel shows one stratum's wheel.
export function showWheel(wheel) {
  const place = byId('picture');
  place.replaceChildren(make('p', { class: 'small' }, wheel.text));
  const both = make('div', { class: 'wheel-both' });
  if (wheel.marks > 0) {
    both.append(picture(wheel));
    if (wheel.spun && wheel.marks > ticks) place.append(make('p', { class: 'small' }, text('tooMany')));
  } else {
    place.append(make('p', { class: 'small' }, text('nothing')));
  }
  both.append(say(make('div', { class: 'scroll', role: 'region', tabindex: '0' }, table(wheel)), text('wheelTable'), 'aria-label'));
  place.append(both);
}
