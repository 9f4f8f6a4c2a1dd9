// Elements with texts in two languages. Everything goes through textContent: nothing
// that came from a file can become markup.
import { texts, text } from './texts.js';

const said = new WeakMap(); // element → {name of an attribute or '': pair}
let language = 'en';

export const byId = (id) => document.getElementById(id);
export const currentLanguage = () => language;

function apply(element) {
  for (const [name, pair] of Object.entries(said.get(element))) {
    const value = typeof pair === 'function' ? pair(language) : pair[language];
    if (name === '') element.textContent = value;
    else element.setAttribute(name, value);
  }
}

// say gives an element a text, a pair or a function of the language, that follows the
// language; or one of its attributes.
export function say(element, pair, attribute = '') {
  said.set(element, { ...said.get(element), [attribute]: pair });
  element.dataset.said = '';
  apply(element);
  return element;
}

// setLanguage shows the whole page in a language.
export function setLanguage(lang) {
  language = lang;
  document.documentElement.lang = lang === 'zh' ? 'zh-Hans' : 'en';
  document.title = text('documentTitle')[lang];
  for (const element of document.querySelectorAll('[data-t]')) element.textContent = texts[element.dataset.t][lang === 'zh' ? 1 : 0];
  for (const element of document.querySelectorAll('[data-said]')) if (said.has(element)) apply(element);
}

// make returns a new element with children, which are elements, texts, pairs or null.
export function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

// draw is make for SVG.
export function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  for (const child of children) {
    if (child === null || child === undefined) continue;
    if (child instanceof Node) element.append(child);
    else if (typeof child === 'object') element.append(say(document.createElement('span'), child));
    else element.append(String(child));
  }
  return element;
}

// english returns text that the library has in English only.
export const english = (value) => make('span', { lang: 'en' }, value);

// show shows or hides an element with a text: a pair, a Problem, or null for none.
export function show(element, pair) {
  element.hidden = !pair;
  element.replaceChildren();
  if (!pair) return;
  if (pair.text) {
    element.append(say(document.createElement('span'), pair.text));
    if (pair.detail) element.append(' ', make('span', { lang: 'en', class: 'detail' }, pair.detail));
  } else {
    element.append(say(document.createElement('span'), pair));
  }
}

// tell tells those who cannot see it what has happened.
export function tell(pair) {
  say(byId('live'), pair);
}

// when formats a time of the statements, which is in UTC.
export const when = (at) => at.replace('T', ' ').replace(/:00Z$|Z$/, '');
