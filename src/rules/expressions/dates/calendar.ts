// Gregorian calendar over .NET ticks (100 ns since 0001-01-01T00:00:00Z), years 1 to 9999, always UTC.
import type { DateTime } from '../values.ts';

export interface DateTimeFields {
  readonly year: number;
  /** 1–12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 100 ns, 0–9999999. */
  readonly fraction: number;
}

export const TICKS_PER_SECOND = 10_000_000n;
export const TICKS_PER_MINUTE = 60n * TICKS_PER_SECOND;
export const TICKS_PER_HOUR = 60n * TICKS_PER_MINUTE;
export const TICKS_PER_DAY = 24n * TICKS_PER_HOUR;
/** 1601-01-01, where Windows file times begin. */
export const FILE_TIME_ZERO = 504_911_232_000_000_000n;
const UNIX_ZERO = 621_355_968_000_000_000n;
const LAST_TICK = 3_155_378_975_999_999_999n;

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
export const daysInMonth = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

/** Null when the ticks lie outside of the years 1 to 9999. */
export const dateTimeOfTicks = (ticks: bigint): DateTime | null => (ticks < 0n || ticks > LAST_TICK ? null : { ticks });

export const dateTimeOfDate = (date: Date): DateTime => ({ ticks: UNIX_ZERO + BigInt(date.getTime()) * 10_000n });

// Howard Hinnant's civil calendar: years begin in March, so the leap day is the last of its year.
function daysSinceYearOne(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 306;
}

/** Null for an impossible date or time. */
export function dateTimeOfFields(f: DateTimeFields): DateTime | null {
  if (f.year < 1 || f.year > 9999 || f.month < 1 || f.month > 12) return null;
  if (f.day < 1 || f.day > daysInMonth(f.year, f.month)) return null;
  if (f.hour > 23 || f.minute > 59 || f.second > 59) return null;
  const seconds = (f.hour * 60 + f.minute) * 60 + f.second;
  return {
    ticks:
      BigInt(daysSinceYearOne(f.year, f.month, f.day)) * TICKS_PER_DAY +
      BigInt(seconds) * TICKS_PER_SECOND +
      BigInt(f.fraction),
  };
}

export const dayNumber = (date: DateTime): number => Number(date.ticks / TICKS_PER_DAY);
/** 0 = Sunday. */
export const dayOfWeek = (date: DateTime): number => (dayNumber(date) + 1) % 7;

export function fieldsOf(date: DateTime): DateTimeFields {
  const days = dayNumber(date) + 306;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const seconds = Number((date.ticks % TICKS_PER_DAY) / TICKS_PER_SECOND);
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    fraction: Number(date.ticks % TICKS_PER_SECOND),
  };
}

/** Adds calendar months; the day is clamped to the last of its month. Null when it leaves the calendar. */
export function addMonths(date: DateTime, months: number): DateTime | null {
  const f = fieldsOf(date);
  const count = f.year * 12 + (f.month - 1) + months;
  const year = Math.floor(count / 12);
  const month = count - year * 12 + 1;
  return dateTimeOfFields({ ...f, year, month, day: Math.min(f.day, daysInMonth(year, month)) });
}

export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
export const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
export const abbreviated = (name: string): string => name.slice(0, 3);
