// Reads a date in the forms that .NET's DateTime.Parse takes in the invariant culture; without an offset it is UTC.
import type { DateTime } from '../values.ts';
import {
  abbreviated,
  dateTimeOfFields,
  dateTimeOfTicks,
  dayNames,
  dayOfWeek,
  monthNames,
  TICKS_PER_MINUTE,
} from './calendar.ts';

interface Ymd {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** 0 = Sunday, when it was given. */
  readonly weekday?: number;
}
type Groups = Readonly<Record<string, string | undefined>>;

const MONTH = String.raw`(?<month>[A-Za-z]{3,9})\.?`;
const WEEKDAY = String.raw`(?:(?<weekday>[A-Za-z]{3,9}),?\s+)?`;
const dateForms: readonly RegExp[] = [
  /^(?<year>\d{4})[-/](?<month>\d{1,2})[-/](?<day>\d{1,2})/,
  /^(?<year>\d{4})[-/](?<month>\d{1,2})$/,
  /^(?<month>\d{1,2})[-/](?<day>\d{1,2})[-/](?<year>\d{4}|\d{2}(?!\d))/,
  new RegExp(`^${WEEKDAY}${MONTH}\\s+(?<day>\\d{1,2}),?\\s+(?<year>\\d{4})`),
  new RegExp(`^${WEEKDAY}(?<day>\\d{1,2})[\\s-]+${MONTH},?[\\s-]+(?<year>\\d{4})`),
  new RegExp(`^${MONTH},?\\s+(?<year>\\d{4})$`),
];

const timeForm = /^(?:T|\s+|,\s*)(\d{1,2})(?::(\d{2})(?::(\d{2})(?:\.(\d{1,7})\d*)?)?)?\s*([AP]M)?(?![\d:])/i;
const offsetForm = /^\s*(?:(Z|GMT|UTC)|([-+])(\d{1,2})(?::?(\d{2}))?)$/i;

function dateOf({ year = '', month = '', day = '1', weekday }: Groups): Ymd | null {
  const monthNumber = /^\d/.test(month) ? Number(month) : indexOfName(monthNames, month) + 1;
  const weekdayNumber = weekday === undefined ? undefined : indexOfName(dayNames, weekday);
  if (monthNumber === 0 || weekdayNumber === -1) return null;
  const date = { year: yearOf(year), month: monthNumber, day: Number(day) };
  return weekdayNumber === undefined ? date : { ...date, weekday: weekdayNumber };
}

// Two digits mean 1930–2029.
const yearOf = (digits: string): number =>
  digits.length > 2 ? Number(digits) : Number(digits) + (Number(digits) <= 29 ? 2000 : 1900);

/** Full or abbreviated, in any case; -1 for no name. */
function indexOfName(names: readonly string[], name: string): number {
  const wanted = name.toLowerCase();
  return names.findIndex((n) => n.toLowerCase() === wanted || abbreviated(n).toLowerCase() === wanted);
}

/** Null for a text that is no date. */
export function parseDateTime(text: string): DateTime | null {
  if (text.length > 200) return null;
  const trimmed = text.trim();
  for (const form of dateForms) {
    const match = form.exec(trimmed);
    const date = match === null ? null : dateOf(match.groups ?? {});
    if (match !== null && date !== null) return withTime(date, trimmed.slice(match[0].length));
  }
  return null;
}

function withTime(date: Ymd, rest: string): DateTime | null {
  const match = timeForm.exec(rest);
  const isTime = match !== null && (match[2] !== undefined || match[5] !== undefined);
  const time = isTime ? timeOf(match) : { hour: 0, minute: 0, second: 0, fraction: 0 };
  if (time === null) return null;
  const local = dateTimeOfFields({ ...date, ...time });
  const offset = offsetMinutes(isTime ? rest.slice(match[0].length) : rest);
  if (local === null || offset === null) return null;
  if (date.weekday !== undefined && date.weekday !== dayOfWeek(local)) return null;
  return dateTimeOfTicks(local.ticks - BigInt(offset) * TICKS_PER_MINUTE);
}

function timeOf(match: RegExpExecArray): { hour: number; minute: number; second: number; fraction: number } | null {
  const [, hours = '0', minutes = '0', seconds = '0', fraction = '', half] = match;
  const hour = Number(hours);
  if (half !== undefined && (hour < 1 || hour > 12)) return null;
  return {
    hour: half === undefined ? hour : (hour % 12) + (half.toUpperCase() === 'PM' ? 12 : 0),
    minute: Number(minutes),
    second: Number(seconds),
    fraction: Number(fraction.padEnd(7, '0')),
  };
}

/** Null for anything that is no offset; .NET allows at most 14 hours. */
function offsetMinutes(rest: string): number | null {
  if (rest === '') return 0;
  const match = offsetForm.exec(rest);
  if (match === null) return null;
  const [, zulu, sign, hours = '0', minutes = '0'] = match;
  if (zulu !== undefined) return 0;
  if (Number(minutes) > 59) return null;
  const total = Number(hours) * 60 + Number(minutes);
  return total > 14 * 60 ? null : sign === '-' ? -total : total;
}
