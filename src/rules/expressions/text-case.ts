// Upper, lower and proper case as .NET does it: one letter for one letter, so ß and ı stay in upper case.
import { EvaluationFailure, quoted } from './values.ts';

export interface Casing {
  readonly upper: (text: string) => string;
  readonly lower: (text: string) => string;
}

const onlyOne = (letter: string, converted: string): string =>
  converted.length === letter.length ? converted : letter;
const upperLetter = (letter: string): string => (letter === 'ı' ? letter : onlyOne(letter, letter.toUpperCase()));
const lowerLetter = (letter: string): string => onlyOne(letter, letter.toLowerCase());
// Four letters have a form for the beginning of a word that is neither upper nor lower case.
const titleForms: Readonly<Record<string, string>> = { ǆ: 'ǅ', Ǆ: 'ǅ', ǉ: 'ǈ', Ǉ: 'ǈ', ǌ: 'ǋ', Ǌ: 'ǋ', ǳ: 'ǲ', Ǳ: 'ǲ' };
const titleLetter = (letter: string): string => titleForms[letter] ?? upperLetter(letter);

// JavaScript differs from .NET only where a letter becomes several, and for ı, İ and Σ: everything else goes the quick way.
const invariant: Casing = {
  upper: (text) => {
    const quick = text.toUpperCase();
    return quick.length === text.length && !text.includes('ı') ? quick : Array.from(text, upperLetter).join('');
  },
  lower: (text) => (/[İΣ]/.test(text) ? Array.from(text, lowerLetter).join('') : text.toLowerCase()),
};
const turkic: Casing = {
  upper: (text) => invariant.upper(text.replaceAll('i', 'İ').replaceAll('ı', 'I')),
  lower: (text) => Array.from(text, (c) => (c === 'I' ? 'ı' : c === 'İ' ? 'i' : lowerLetter(c))).join(''),
};

/** .NET knows the cultures of ICU, as this runtime does. */
function isCulture(name: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(name).length > 0;
  } catch (failure) {
    if (failure instanceof RangeError) return false;
    throw failure;
  }
}

/** Casing of a culture by its name, such as en-US; null is the invariant culture. Throws EvaluationFailure. */
export function casingOf(culture: string | null): Casing {
  if (culture === null || culture === '') return invariant;
  if (!isCulture(culture)) {
    throw new EvaluationFailure(`${quoted(culture)} is no culture: use names such as en-US or tr-TR.`);
  }
  return /^(tr|az)(-|$)/i.test(culture) ? turkic : invariant;
}

/** Each word with a capital; every character of `separators` ends a word. */
export function properCase(text: string, separators: string): string {
  const ends = new Set(separators);
  let first = true;
  let result = '';
  for (const letter of text) {
    result += first ? titleLetter(letter) : lowerLetter(letter);
    first = ends.has(letter);
  }
  return result;
}

// A word is what .NET's ToTitleCase takes for one: digits and an apostrophe after letters do not end it.
const inWord = /[\p{L}\p{M}\p{N}\p{Cn}\p{Co}\p{Cs}]/u;
const letterPattern = /\p{L}/u;

/** Each word with a capital, words as in .NET's ToTitleCase. */
export function titleCase(text: string): string {
  let word = false;
  let result = '';
  for (const letter of text) {
    const isLetter = letterPattern.test(letter);
    result += isLetter ? (word ? lowerLetter(letter) : titleLetter(letter)) : letter;
    if (isLetter) word = true;
    else if (!(word && (letter === "'" || inWord.test(letter)))) word = false;
  }
  return result;
}
