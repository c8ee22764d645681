// .NET date and time format strings → parts, shared by printing and reading. Invariant culture.
import { EvaluationFailure, quoted } from '../values.ts';

export type PatternPart =
  /** `zulu`: a plain Z, which reads as the designator of UTC. */
  | { readonly kind: 'literal'; readonly text: string; readonly zulu?: true }
  /** `letter` repeated `width` times. */
  | { readonly kind: 'field'; readonly letter: FieldLetter; readonly width: number };
const fieldLetters = ['d', 'M', 'y', 'h', 'H', 'm', 's', 'f', 'F', 't', 'z', 'K', 'g'] as const;
export type FieldLetter = (typeof fieldLetters)[number];

/** A format string, ready to read and print dates. */
export interface DatePattern {
  readonly format: string;
  readonly parts: readonly PatternPart[];
  /** About how many characters a date has in this format. */
  readonly cost: number;
}

const ISO = "yyyy'-'MM'-'dd'T'HH':'mm':'ss";
const standardFormats: Readonly<Record<string, string>> = {
  d: 'MM/dd/yyyy',
  D: 'dddd, dd MMMM yyyy',
  f: 'dddd, dd MMMM yyyy HH:mm',
  F: 'dddd, dd MMMM yyyy HH:mm:ss',
  g: 'MM/dd/yyyy HH:mm',
  G: 'MM/dd/yyyy HH:mm:ss',
  m: 'MMMM dd',
  M: 'MMMM dd',
  o: `${ISO}'.'fffffffK`,
  O: `${ISO}'.'fffffffK`,
  r: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  R: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  s: ISO,
  t: 'HH:mm',
  T: 'HH:mm:ss',
  u: "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
  U: 'dddd, dd MMMM yyyy HH:mm:ss',
  y: 'yyyy MMMM',
  Y: 'yyyy MMMM',
};

/** Throws EvaluationFailure for a format that .NET refuses. */
export const datePattern = (format: string): DatePattern => ({
  format,
  parts: patternParts(format),
  cost: 100 + 10 * format.length,
});

const LONGEST_FORMAT = 1000;
function patternParts(format: string): readonly PatternPart[] {
  if (format.length > LONGEST_FORMAT) {
    throw new EvaluationFailure(`the date format has more than ${String(LONGEST_FORMAT)} characters.`);
  }
  if (format.length !== 1) return customParts(format);
  const standard = standardFormats[format];
  if (standard === undefined) {
    throw new EvaluationFailure(`${quoted(format)} is not a date format: put % before a single letter, as in %d.`);
  }
  return customParts(standard);
}

function customParts(format: string): readonly PatternPart[] {
  if (format === '') throw new EvaluationFailure('the date format is empty: give one such as "yyyy-MM-dd".');
  const parts: PatternPart[] = [];
  let at = 0;
  while (at < format.length) {
    const { part, length } = partAt(format, at);
    if (part !== null) parts.push(part);
    at += length;
  }
  return parts;
}

function partAt(format: string, at: number): { readonly part: PatternPart | null; readonly length: number } {
  const char = format.charAt(at);
  if (char === "'" || char === '"') return quotedPart(format, at);
  if (char === '\\' || char === '%') {
    const next = format.charAt(at + 1);
    if (next === '' || (char === '%' && next === '%'))
      throw new EvaluationFailure(
        `the date format ${quoted(format)} ends in the middle: write a letter behind ${char}.`,
      );
    return char === '%' ? { part: null, length: 1 } : { part: { kind: 'literal', text: next }, length: 2 };
  }
  const letter = fieldLetters.find((l) => l === char);
  if (char === 'Z') return { part: { kind: 'literal', text: char, zulu: true }, length: 1 };
  if (letter === undefined) return { part: { kind: 'literal', text: char }, length: 1 };
  let width = 1;
  while (letter !== 'K' && format.charAt(at + width) === char) width += 1;
  if (/f/i.test(letter) && width > 7)
    throw new EvaluationFailure(`the date format ${quoted(format)} asks for more than 7 digits of a second.`);
  return { part: { kind: 'field', letter, width }, length: width };
}

function quotedPart(format: string, at: number): { readonly part: PatternPart; readonly length: number } {
  const quote = format.charAt(at);
  let text = '';
  for (let i = at + 1; i < format.length; i += 1) {
    const char = format.charAt(i);
    if (char === quote) return { part: { kind: 'literal', text }, length: i + 1 - at };
    if (char === '\\') i += 1;
    text += format.charAt(i);
  }
  throw new EvaluationFailure(`the date format ${quoted(format)} has an opening quote without its closing one.`);
}
