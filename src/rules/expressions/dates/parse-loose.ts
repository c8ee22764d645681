// Reads a date in the forms that .NET's DateTime.Parse takes in the invariant culture; without an offset it is UTC.
import type { DateTime } from '../values.ts';
import { dateTimeOfFields, dateTimeOfTicks, monthNames, TICKS_PER_MINUTE } from './calendar.ts';

interface Ymd {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const MONTH = String.raw`([A-Za-z]{3,9})\.?`;
const WEEKDAY = String.raw`(?:[A-Za-z]{3,9},?\s+)?`;
const dateForms: readonly { readonly pattern: RegExp; readonly read: (parts: readonly string[]) => Ymd | null }[] = [
  { pattern: /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})/, read: ([y, m, d]) => ymd(y, m, d) },
  { pattern: /^(\d{1,2})[-/](\d{1,2})[-/](\d{4})/, read: ([m, d, y]) => ymd(y, m, d) },
  {
    pattern: new RegExp(`^${WEEKDAY}${MONTH}\\s+(\\d{1,2}),?\\s+(\\d{4})`),
    read: ([m, d, y]) => ymd(y, monthNumber(m), d),
  },
  {
    pattern: new RegExp(`^${WEEKDAY}(\\d{1,2})[\\s-]+${MONTH},?[\\s-]+(\\d{4})`),
    read: ([d, m, y]) => ymd(y, monthNumber(m), d),
  },
];

const timeForm = /^(?:T|\s+|,\s*)(\d{1,2})(?::(\d{2})(?::(\d{2})(?:\.(\d{1,7})\d*)?)?)?\s*([AP]M)?(?![\d:])/i;
const offsetForm = /^\s*(?:(Z|GMT|UTC)|([-+])(\d{1,2})(?::?(\d{2}))?)$/i;

function ymd(year: string | undefined, month: string | number | null | undefined, day: string | undefined): Ymd | null {
  return month === null ? null : { year: Number(year), month: Number(month), day: Number(day) };
}

function monthNumber(name: string | undefined): number | null {
  const wanted = (name ?? '').toLowerCase();
  const index = monthNames.findIndex((m) => m.toLowerCase() === wanted || m.slice(0, 3).toLowerCase() === wanted);
  return index < 0 ? null : index + 1;
}

/** Null for a text that is no date. */
export function parseDateTime(text: string): DateTime | null {
  const trimmed = text.trim();
  if (trimmed.length > 100) return null;
  for (const { pattern, read } of dateForms) {
    const match = pattern.exec(trimmed);
    if (match === null) continue;
    const date = read(match.slice(1));
    if (date !== null) return withTime(date, trimmed.slice(match[0].length));
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
  const total = Number(hours) * 60 + Number(minutes);
  return total > 14 * 60 ? null : sign === '-' ? -total : total;
}
