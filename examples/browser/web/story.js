// What the files say of themselves: facts and the order of events.
import { byId, make, when } from './dom.js';
import { text } from './texts.js';

// factList fills a list of terms with facts.
export function factList(list, facts) {
  list.replaceChildren(...facts.flatMap((fact) => [
    make('dt', {}, fact.label),
    make('dd', fact.code ? { class: 'code' } : {}, fact.value),
  ]));
}

function event(e) {
  const time = make('p', { class: 'time' });
  if (e.until) time.append(make('span', {}, text('until')), ' ');
  if (e.at || e.until) time.append(make('time', { datetime: e.at || e.until }, when(e.at || e.until)));
  if (!e.done) time.append(' ', make('em', {}, text('notYet')));
  const item = make('li', { class: e.done ? 'done' : 'due' }, time, make('p', { class: 'what' }, make('strong', {}, e.title)));
  if (e.by) item.append(make('p', { class: 'small' }, text('by'), ' ', e.by));
  if (e.text.en) item.append(make('p', { class: 'small' }, e.text));
  if (e.seen?.length) {
    item.append(make('p', { class: 'small' }, text('seenBy'), ' ', e.seen.map((s) => `${s.witness} ${when(s.at)}`).join(' · ')));
  }
  return item;
}

// showStory shows a bundle's account of itself, or hides it.
export function showStory(bundle) {
  byId('says').hidden = !bundle;
  if (!bundle) return;
  factList(byId('facts'), bundle.facts);
  byId('story').replaceChildren(...bundle.story.map(event));
}
