// The visitor's policy: their own, or the bundle's draft until they have confirmed it.
import { byId, make, say, show } from './dom.js';
import { text } from './texts.js';

export class Policy {
  #client;
  #changed;
  #draft = '';    // the draft that the field shows or began as; '' for an own policy
  #claim = null;
  #given = [];

  // The function is called when the policy is no longer that of the result shown.
  constructor(client, changed) {
    this.#client = client;
    this.#changed = changed;
    byId('policy').addEventListener('input', () => {
      this.#changed();
      this.#state(byId('policy').value.trim() === '' ? 'policyNone' : 'policyEdited');
    });
    byId('policy-save').addEventListener('click', () => this.#save());
  }

  // offer shows a bundle's draft, unless the visitor has a policy of their own.
  offer(bundle) {
    this.#claim = bundle?.claim ?? null;
    const field = byId('policy');
    if (field.value.trim() !== '' && this.#draft === '') {
      this.#values();
      return;
    }
    this.#draft = bundle?.draft ?? '';
    field.value = this.#draft;
    byId('confirm').checked = false;
    byId('confirm-row').hidden = this.#draft === '';
    show(byId('draft-note'), this.#draft ? bundle.note : bundle?.warn ?? null);
    this.#state(this.#draft ? 'policyDraft' : 'policyNone');
    this.#values();
  }

  // own takes the visitor's own policy.
  async own(value) {
    const summary = await this.#client.call('policy', [value]);
    this.#draft = '';
    byId('policy').value = summary.text;
    byId('confirm-row').hidden = true;
    show(byId('draft-note'), null);
    this.#changed();
    this.#state('policyOwn');
    this.#values();
  }

  // usedAsDraft reports whether the policy is a draft that was confirmed; it throws a
  // Problem if there is none, or if it was not confirmed.
  usedAsDraft() {
    if (byId('policy').value.trim() === '') throw { text: text('needPolicy') };
    if (this.#draft === '') return false;
    if (!byId('confirm').checked) {
      byId('confirm').focus();
      throw { text: text('needConfirm') };
    }
    return true;
  }

  // send gives the policy to the worker.
  send() {
    return this.#client.call('policy', [byId('policy').value]);
  }

  // addValue puts the numbers in the form into the policy.
  async addValue() {
    const value = (id) => byId(id).value;
    const summary = await this.#client.call('add-value', [byId('policy').value, value('value-beacon'), value('value-round'), value('value-at'), value('value-value')]);
    byId('policy').value = summary.text;
    byId('value-value').value = '';
    byId('value-form').open = false;
    this.#changed();
    this.#state('policyEdited');
    byId('policy').focus();
  }

  #state(key) {
    say(byId('policy-state'), text(key));
    byId('policy-save').hidden = byId('policy').value.trim() === '';
  }

  // #values offers the form for a beacon's numbers, with the round that the bundle
  // announces but not the numbers: those are for the visitor to look up.
  #values() {
    this.#given = [...byId('policy').value.matchAll(/^beacon (\S+) (?:given|lottery|declared)$/gm)].map((m) => m[1]);
    byId('value-form').hidden = this.#given.length === 0;
    byId('value-beacon').replaceChildren(...this.#given.map((name) => make('option', { value: name }, name)));
    byId('value-round').value = this.#claim?.round ?? '';
    byId('value-at').value = this.#claim?.at ?? '';
  }

  #save() {
    const url = URL.createObjectURL(new Blob([byId('policy').value], { type: 'text/plain' }));
    make('a', { href: url, download: 'policy.txt' }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}
