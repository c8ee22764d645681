// Reads a text by a .NET format string, as DateTime.ParseExact does in the invariant culture on a server that runs in UTC.
import type { DateTime } from '../values.ts';
import { trimEnd, trimStart } from '../white-space.ts';
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
import type { DateTimeKind } from './format.ts';
import type { DatePattern, FieldLetter, PatternPart } from './pattern.ts';
import type { ParseStyles } from './styles.ts';

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
  /** The offset was given as Z. */
  zulu?: true;
}

export interface ParsedDate {
  readonly date: DateTime;
  readonly kind: DateTimeKind;
}

/** Null when the text does not fit. `today` fills in the date of a text that has only a time. */
export function parseExact(
  text: string,
  { parts }: DatePattern,
  styles: ParseStyles,
  today: DateTimeFields,
): ParsedDate | null {
  let rest = text;
  if (styles.leadingWhite) rest = trimStart(rest);
  if (styles.trailingWhite) rest = trimEnd(rest);
  const reading: Reading = {};
  for (const [index, part] of wanted(parts, styles).entries()) {
    if (styles.innerWhite) rest = trimStart(rest);
    const length = part.kind === 'literal' ? readLiteral(rest, part, reading) : readField(rest, part, reading);
    if (length !== null) rest = rest.slice(length);
    else if (!isOptionalPoint(part, parts[index + 1])) return null;
  }
  return rest === '' ? assemble(reading, styles, today) : null;
}

/** White space that may be there or not is no part of what is wanted. */
function wanted(parts: readonly PatternPart[], styles: ParseStyles): readonly PatternPart[] {
  const isBlank = (part: PatternPart | undefined): boolean => part?.kind === 'literal' && trimStart(part.text) === '';
  if (styles.innerWhite) return parts.filter((part) => !isBlank(part));
  let [start, end] = [0, parts.length];
  while (styles.leadingWhite && start < end && isBlank(parts[start])) start += 1;
  while (styles.trailingWhite && end > start && isBlank(parts[end - 1])) end -= 1;
  return parts.slice(start, end);
}

/** The point before an optional fraction is optional itself. */
const isOptionalPoint = (part: PatternPart, next: PatternPart | undefined): boolean =>
  part.kind === 'literal' && part.text === '.' && next?.kind === 'field' && next.letter === 'F';

function readLiteral(rest: string, part: PatternPart & { readonly kind: 'literal' }, reading: Reading): number | null {
  if (part.zulu !== true) return rest.startsWith(part.text) ? part.text.length : null;
  const [designator] = /^(?:Z|GMT)/i.exec(rest) ?? [];
  if (designator === undefined) return null;
  reading.offsetMinutes = 0;
  reading.zulu = true;
  return designator.length;
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
  if (digits === undefined || (reading[field] ?? Number(digits)) !== Number(digits)) return null;
  reading[field] = Number(digits);
  return digits.length;
}

// Two digits mean 1930–2029.
function year(rest: string, width: number, reading: Reading): number | null {
  const digits = /^[0-9]+/.exec(rest)?.[0].slice(0, Math.max(width, 2)) ?? '';
  if (digits.length < width) return null;
  const value = Number(digits);
  const full = width > 2 ? value : value + (value <= 29 ? 2000 : 1900);
  if ((reading.year ?? full) !== full) return null;
  reading.year = full;
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
  if (form === 'K' && /^z/i.test(rest)) {
    reading.offsetMinutes = 0;
    reading.zulu = true;
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
  return Math.abs(reading.offsetMinutes) <= 14 * 60 && Number(minutes) < 60 ? all.length : null;
}

// A clock of 24 hours may be followed by the half of the day that it shows, not by the other one.
function hourOf({ hour, hour12, afternoon }: Reading): number | null {
  if (hour12 !== undefined) return hour12 > 12 ? null : (hour12 % 12) + (afternoon === true ? 12 : 0);
  if (hour === undefined) return afternoon === true ? 12 : 0;
  return afternoon === undefined || afternoon === hour >= 12 ? hour : null;
}

function assemble(reading: Reading, styles: ParseStyles, today: DateTimeFields): ParsedDate | null {
  const hour = hourOf(reading);
  if (hour === null) return null;
  const { minute = 0, second = 0, fraction: ticks = 0, offsetMinutes } = reading;
  const day = dayOf(reading, styles.noCurrentDate ? YEAR_ONE : today);
  const local = dateTimeOfFields({ ...day, hour, minute, second, fraction: ticks });
  if (local === null || (reading.weekday !== undefined && dayOfWeek(local) !== reading.weekday)) return null;
  const date = dateTimeOfTicks(local.ticks - BigInt(offsetMinutes ?? 0) * TICKS_PER_MINUTE);
  if (date === null) return null;
  const { plain, withOffset, zulu } = styles.kind;
  return { date, kind: reading.zulu === true ? zulu : offsetMinutes === undefined ? plain : withOffset };
}

type Day = Pick<DateTimeFields, 'year' | 'month' | 'day'>;
const YEAR_ONE: Day = { year: 1, month: 1, day: 1 };

// A text with a time only means today; a part of a date that is not there is the first.
function dayOf({ year: y, month, day }: Reading, today: Day): Day {
  if (y === undefined && month === undefined && day === undefined) return today;
  return { year: y ?? today.year, month: month ?? 1, day: day ?? 1 };
}
