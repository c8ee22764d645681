// Reads a text by a .NET format string, as DateTime.ParseExact does in the invariant culture on a server that runs in UTC.
import type { DateTime } from '../values.ts';
import type { DateTimeFields } from './calendar.ts';
import {
  abbreviated,
  dateTimeOfFields,
  dateTimeOfTicks,
  dayNames,
  dayOfWeek,
  monthNames,
  TICKS_PER_MINUTE,
} from './calendar.ts';
import type { FieldLetter, PatternPart } from './pattern.ts';
import { patternParts } from './pattern.ts';

export interface ParseStyles {
  readonly leadingWhite: boolean;
  readonly trailingWhite: boolean;
  readonly innerWhite: boolean;
}

/** Parts of a date that were read so far. */
interface Reading {
  year?: number;
  month?: number;
  day?: number;
  weekday?: number;
  hour?: number;
  hour12?: number;
  afternoon?: boolean;
  minute?: number;
  second?: number;
  fraction?: number;
  offsetMinutes?: number;
}

/** Null when the text does not fit. `today` fills in the date of a text that has only a time. */
export function parseExact(text: string, format: string, styles: ParseStyles, today: DateTimeFields): DateTime | null {
  let rest = text;
  if (styles.leadingWhite) rest = rest.trimStart();
  if (styles.trailingWhite) rest = rest.trimEnd();
  const reading: Reading = {};
  for (const part of patternParts(format)) {
    if (styles.innerWhite) rest = rest.trimStart();
    const length = part.kind === 'literal' ? literalLength(rest, part.text, reading) : readField(rest, part, reading);
    if (length === null) return null;
    rest = rest.slice(length);
  }
  return rest === '' ? assemble(reading, today) : null;
}

function literalLength(rest: string, literal: string, reading: Reading): number | null {
  if (!rest.startsWith(literal)) return null;
  if (literal === 'Z') reading.offsetMinutes = 0;
  return literal.length;
}

const readField = (rest: string, part: PatternPart & { readonly kind: 'field' }, reading: Reading): number | null =>
  reads[part.letter](rest, part.width, reading);

/** Answers how much of the rest it took, null when it does not fit. */
type Read = (rest: string, width: number, reading: Reading) => number | null;
const numberOf =
  (field: NumberField): Read =>
  (rest, width, reading) =>
    number(rest, width, field, reading);
const reads: Readonly<Record<FieldLetter, Read>> = {
  d: (rest, width, reading) =>
    width <= 2 ? number(rest, width, 'day', reading) : name(rest, dayNames, width, (i) => (reading.weekday = i)),
  M: (rest, width, reading) =>
    width <= 2 ? number(rest, width, 'month', reading) : name(rest, monthNames, width, (i) => (reading.month = i + 1)),
  y: year,
  h: numberOf('hour12'),
  H: numberOf('hour'),
  m: numberOf('minute'),
  s: numberOf('second'),
  f: (rest, width, reading) => fraction(new RegExp(`^[0-9]{${String(width)}}`).exec(rest)?.[0] ?? null, reading),
  F: (rest, width, reading) => fraction(new RegExp(`^[0-9]{0,${String(width)}}`).exec(rest)?.[0] ?? null, reading),
  t: designator,
  z: offset,
  K: (rest, _, reading) => offset(rest, 'K', reading),
  g: (rest) => (rest.startsWith('A.D.') ? 4 : null),
};

type NumberField = 'day' | 'month' | 'hour12' | 'hour' | 'minute' | 'second';
function number(rest: string, width: number, field: NumberField, reading: Reading): number | null {
  const digits = (width === 1 ? /^[0-9]{1,2}/ : /^[0-9]{2}/).exec(rest)?.[0];
  if (digits === undefined) return null;
  reading[field] = Number(digits);
  return digits.length;
}

// Two digits mean 1930–2029.
function year(rest: string, width: number, reading: Reading): number | null {
  const digits = (width === 1 ? /^[0-9]{1,2}/ : width === 2 ? /^[0-9]{2}/ : /^[0-9]{4}/).exec(rest)?.[0];
  if (digits === undefined) return null;
  const value = Number(digits);
  reading.year = width > 2 ? value : value + (value <= 29 ? 2000 : 1900);
  return digits.length;
}

function name(rest: string, names: readonly string[], width: number, found: (index: number) => void): number | null {
  const wanted = width === 3 ? names.map(abbreviated) : names;
  const index = wanted.findIndex((n) => rest.slice(0, n.length).toLowerCase() === n.toLowerCase());
  if (index < 0) return null;
  found(index);
  return wanted[index]?.length ?? null;
}

function fraction(digits: string | null, reading: Reading): number | null {
  if (digits === null) return null;
  reading.fraction = Number(digits.padEnd(7, '0'));
  return digits.length;
}

function designator(rest: string, width: number, reading: Reading): number | null {
  const match = (width === 1 ? /^[ap]/i : /^[ap]m/i).exec(rest)?.[0];
  if (match === undefined) return null;
  reading.afternoon = /^p/i.test(match);
  return match.length;
}

function offset(rest: string, form: 'K' | number, reading: Reading): number | null {
  if (form === 'K' && rest.startsWith('Z')) {
    reading.offsetMinutes = 0;
    return 1;
  }
  const pattern =
    form === 'K' || form >= 3
      ? /^([-+])([0-9]{2}):?([0-9]{2})/
      : form === 2
        ? /^([-+])([0-9]{2})/
        : /^([-+])([0-9]{1,2})/;
  const match = pattern.exec(rest);
  if (match === null) return form === 'K' ? 0 : null;
  const [all, sign, hours = '0', minutes = '0'] = match;
  reading.offsetMinutes = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return Math.abs(reading.offsetMinutes) <= 14 * 60 ? all.length : null;
}

function hourOf(reading: Reading): number | null {
  const { hour, hour12, afternoon } = reading;
  if (hour12 === undefined) {
    const given = hour ?? 0;
    return hour === undefined && afternoon === true ? 12 : given;
  }
  if (hour12 > 12) return null;
  return (hour12 % 12) + (afternoon === true ? 12 : 0);
}

function assemble(reading: Reading, today: DateTimeFields): DateTime | null {
  const hour = hourOf(reading);
  if (hour === null) return null;
  const { minute = 0, second = 0, fraction: ticks = 0, offsetMinutes = 0 } = reading;
  const date = dateTimeOfFields({ ...dayOf(reading, today), hour, minute, second, fraction: ticks });
  if (date === null || (reading.weekday !== undefined && dayOfWeek(date) !== reading.weekday)) return null;
  return dateTimeOfTicks(date.ticks - BigInt(offsetMinutes) * TICKS_PER_MINUTE);
}

// A text with a time only means today; a part of a date that is not there is the first.
function dayOf(reading: Reading, today: DateTimeFields): Pick<DateTimeFields, 'year' | 'month' | 'day'> {
  const { year: y, month, day } = reading;
  if (y === undefined && month === undefined && day === undefined)
    return { year: today.year, month: today.month, day: today.day };
  return { year: y ?? today.year, month: month ?? 1, day: day ?? 1 };
}
