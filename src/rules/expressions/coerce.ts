// Reading a value as text, integer, boolean or time. `null` stays `null`; an impossible reading throws EvaluationFailure.
import { formatDateTime } from './dates/format.ts';
import { parseDateTime } from './dates/parse-loose.ts';
import { datePattern } from './dates/pattern.ts';
import type { DateTime, RoleValue, Value } from './values.ts';
import { EvaluationFailure, isComplex, isDateTime, isList, isRole, quoted, single } from './values.ts';

/** How a DateTime reads as text: `3/16/2020 7:00:00 AM`. */
const dateTimeText = datePattern('M/d/yyyy h:mm:ss tt');

/** Text form of one value: booleans are `True` and `False`, times are UTC in the invariant culture. */
export function textOf(value: Value): string | null {
  const one = single(value);
  if (one === null || typeof one === 'string') return one;
  if (typeof one === 'boolean') return one ? 'True' : 'False';
  if (typeof one === 'number' || typeof one === 'bigint') return String(one);
  if (isDateTime(one)) return formatDateTime(one, dateTimeText);
  if (isRole(one)) return roleName(one);
  throw new EvaluationFailure('a complex value has no text form: map it to a complex attribute directly.');
}

const roleName = (role: RoleValue): string =>
  role.value === null || role.value === '' ? role.displayName : role.value;

/** One text form per value: what a multi-valued result is in a log or a test of an expression. */
export const textsOf = (value: Value): readonly string[] =>
  (isList(value) ? value : [value]).flatMap((one) => {
    if (isComplex(one)) return [JSON.stringify(one.complex)];
    const text = textOf(one);
    return text === null ? [] : [text];
  });

export function integerOf(value: Value): bigint | null {
  const one = single(value);
  if (typeof one === 'bigint') return one;
  if (typeof one === 'number' && Number.isInteger(one)) return BigInt(one);
  const text = textOf(one);
  if (text === null) return null;
  const number = wholeNumber(text);
  if (number === null) throw new EvaluationFailure(`a whole number was expected, but the value is ${quoted(text)}.`);
  return number;
}

/** The whole number that the text is, blanks around it allowed; `null` if it is none. */
export const wholeNumber = (text: string): bigint | null =>
  /^\s*[-+]?\d{1,40}\s*$/.test(text) ? BigInt(text.trim().replace(/^\+/, '')) : null;

/** Null is false, a number is true unless it is 0, a text is `True` or `False`. */
export function booleanOf(value: Value): boolean {
  const one = single(value);
  if (typeof one === 'boolean') return one;
  const text = textOf(one);
  if (text === null) return false;
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  const number = wholeNumber(text);
  if (number === null) throw new EvaluationFailure(`True or False was expected, but the value is ${quoted(text)}.`);
  return number !== 0n;
}

/** A time, or a text that .NET reads as one. Null is an error: there is no empty time. */
export function dateTimeOf(value: Value): DateTime {
  const one = single(value);
  if (isDateTime(one)) return one;
  const text = textOf(one);
  if (text === null) throw new EvaluationFailure('a date was expected, but there is no value.');
  const date = parseDateTime(text);
  if (date === null) {
    throw new EvaluationFailure(
      `${quoted(text)} is not a date that can be read: give it as 2020-03-16 or 3/16/2020, or read it with FormatDateTime.`,
    );
  }
  return date;
}
