// The search for one company.
import { byId, make, say, show } from './dom.js';
import { factList } from './story.js';
import { text } from './texts.js';

// showSearch offers the search, or hides it.
export function showSearch(search) {
  byId('search').hidden = !search;
  byId('found').replaceChildren();
  if (!search) return;
  show(byId('search-warn'), search.warn.en ? search.warn : null);
  say(byId('sample'), { en: `${text('example').en} ${search.sample}`, zh: `${text('example').zh} ${search.sample}` });
}

// showFound shows the answer for one company, or a problem.
export function showFound(found) {
  const place = byId('found');
  if (found.text) {
    place.replaceChildren(make('p', { class: 'note bad' }, found.text));
    return;
  }
  const box = make('div', { class: `answer is-${found.listed ? found.outcome : 'absent'}` },
    make('p', { class: 'code who' }, found.id), make('p', { class: 'say' }, make('strong', {}, found.answer)));
  place.replaceChildren(box);
  if (!found.listed) return;
  const list = make('dl', { class: 'facts' });
  factList(list, found.facts);
  box.append(list);
  if (found.why.en) box.append(make('h3', {}, text('why')), make('p', { class: 'why' }, found.why));
}
