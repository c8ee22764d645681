// What people bring along from other languages, with what is written here instead.

const both = 'for both conditions nest IIF in the first branch, as in IIF(a, IIF(b, "yes", "no"), "no")';
const either = 'for either condition nest IIF in the last branch, as in IIF(a, "yes", IIF(b, "yes", "no"))';
const negation = 'compare with <>, or swap the branches of IIF';
const together = 'put texts together with Append or Join';

const operators: Readonly<Record<string, string>> = {
  '&&': both,
  '||': either,
  '!=': 'not equal is <>',
  '==': 'equal is =, once',
  '=<': 'less or equal is <=',
  '=>': 'greater or equal is >=',
  '><': 'not equal is <>',
  '+': together,
  '|': either,
  '!': negation,
  '%': 'there are no parameters such as %name%; write [name] for an attribute',
  ';': 'arguments are separated by commas',
};

/** One sentence about the operator that starts here; null for one that this language has, or nobody knows. */
export function foreignOperator(text: string, at: number): string | null {
  for (const length of [2, 1]) {
    const operator = text.slice(at, at + length);
    const instead = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
    if (instead !== undefined) return `There is no ${operator} in this language: ${instead}.`;
  }
  return null;
}

const words: ReadonlyMap<string, string> = new Map([
  ['and', both],
  ['or', either],
]);

/** The same of a word between two conditions. */
export function foreignWord(word: string): string | null {
  const instead = words.get(word.toLowerCase());
  return instead === undefined ? null : `There is no ${word} in this language: ${instead}.`;
}

const functions: ReadonlyMap<string, string> = new Map([
  ...words,
  ['if', 'use IIF'],
  ['concat', 'use Join("", …)'],
  ['concatenate', 'use Join("", …)'],
  ['substring', 'use Mid, which counts from 1'],
  ['substr', 'use Mid, which counts from 1'],
  ['length', 'use Left or Mid, which take texts of any length'],
  ['indexof', 'use InStr, which counts from 1'],
  ['today', 'use Now'],
  ['lookup', 'use Switch'],
]);

/** What to use instead of a function of another language. */
export const foreignFunction = (name: string): string | undefined => functions.get(name.toLowerCase());
