// What a visitor brings: a file, a text or a code, and what it is.
import { readPicture } from './qr.js';
import { text } from './texts.js';

export const mostBytes = 1 << 30; // of a bundle
const mostText = 1 << 20;         // of anything else
const mostPicture = 64 << 20;

const problem = (key) => ({ text: text(key) });

const begins = (bytes, ...start) => start.every((b, i) => bytes[i] === b);

// recogniseText returns {kind, text}; the kind is receipt, policy or unknown.
export function recogniseText(value) {
  const trimmed = value.replace(/^\ufeff/, '').trim();
  if (trimmed.startsWith('DR1:') || trimmed.startsWith('doublerandom/receipt/')) return { kind: 'receipt', text: trimmed };
  if (trimmed.startsWith('doublerandom/policy/')) return { kind: 'policy', text: trimmed };
  return { kind: 'unknown', text: trimmed };
}

// recognise returns {kind, text or bytes} of a file; it throws a Problem for what the
// page cannot use.
export async function recognise(file) {
  let head;
  try {
    head = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  } catch {
    throw problem('unreadable');
  }
  if (begins(head, 0x50, 0x4b)) {
    if (file.size > mostBytes) throw problem('tooLarge');
    return { kind: 'bundle', file };
  }
  const picture = file.type.startsWith('image/') || begins(head, 0x89, 0x50, 0x4e, 0x47) || begins(head, 0xff, 0xd8, 0xff);
  if (picture) {
    if (file.size > mostPicture) throw problem('tooLarge');
    const code = await readPicture(file);
    if (code === null) throw problem('noCode');
    const found = recogniseText(code);
    if (found.kind !== 'receipt') throw problem('codeOther');
    return found;
  }
  if (file.size > mostText) throw problem(/\.zip$/i.test(file.name) ? 'unknown' : 'tooLarge');
  const found = recogniseText(new TextDecoder().decode(await file.arrayBuffer()));
  if (found.kind === 'unknown') throw problem('unknown');
  return found;
}
