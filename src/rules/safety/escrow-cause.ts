// Failures of one cause: the same code, the same attribute, and the same message but for what names the object.
import type { ObjectError } from '../model/errors.ts';

/** `{code}-{16 hex digits}`: the same for failures that differ in ids, names, numbers and quoted values only. */
export const causeOf = (error: ObjectError, names: readonly string[] = []): string =>
  `${error.code}-${digest(`${error.attribute ?? ''}|${messageFingerprint(error.message, names)}`)}`;

/** In this order: what contains others comes first. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/^(Could not [a-z]+(?: [a-z]+)? (?:user|group)) .+?: /gi, '$1 …: '],
  [/"[^"]*"|“[^”]*”|‘[^’]*’|(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])/gu, '…'],
  [/\bhttps?:\/\/[^\s)>,]+/gi, '…'],
  [/[\p{L}\p{N}._%+'#-]+@[\p{L}\p{N}.-]+/gu, '…'],
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, '…'],
  [/\b(?=[a-z]*\d)[0-9a-z]{16,}\b/gi, '…'],
  [/\d+(?:[.,:T-]\d+)*Z?/g, '…'],
  [/\s+/g, ' '],
];

/** The message without GUIDs, numbers, quoted values, e-mail addresses, links, and the names of the object. */
export function messageFingerprint(message: string, names: readonly string[] = []): string {
  const named = names.filter((name) => name.length > 2).toSorted((a, b) => b.length - a.length);
  const anonymous = named.reduce((text, name) => text.replaceAll(name, '…'), message);
  return patterns.reduce((text, [pattern, by]) => text.replaceAll(pattern, by), anonymous).trim();
}

/** FNV-1a twice, 64 bits: tells causes of one job apart, and is no secret. */
const digest = (text: string): string => [0x811c9dc5, 0x9e3779b9].map((seed) => fnv(text, seed)).join('');
function fnv(text: string, seed: number): string {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
