// Prints a time with a .NET format string, invariant culture. Times are UTC, so offsets print as +00:00.
import type { DateTime } from '../values.ts';
import type { DateTimeFields } from './calendar.ts';
import { abbreviated, dayNames, dayOfWeek, fieldsOf, monthNames } from './calendar.ts';
import type { DatePattern, FieldLetter } from './pattern.ts';

/** What .NET remembers of how a time was given; it shows in K alone. */
export type DateTimeKind = 'utc' | 'local' | 'unspecified';
const kindText: Readonly<Record<DateTimeKind, string>> = { utc: 'Z', local: '+00:00', unspecified: '' };

export function formatDateTime(date: DateTime, { parts }: DatePattern, kind: DateTimeKind = 'utc'): string {
  const fields = fieldsOf(date);
  let text = '';
  for (const part of parts) {
    if (part.kind === 'literal') text += part.text;
    else if (part.letter === 'K') text += kindText[kind];
    else if (part.letter === 'F') text = withOptionalFraction(text, fields, part.width);
    else text += prints[part.letter](fields, part.width, date);
  }
  return text;
}

const digits = (value: number, width: number): string => String(value).padStart(width, '0');
const atMostTwo = (value: number, width: number): string => digits(value, Math.min(width, 2));
const fractionDigits = (f: DateTimeFields, width: number): string => digits(f.fraction, 7).slice(0, width);

// Without digits to print, the point before them vanishes too.
function withOptionalFraction(text: string, f: DateTimeFields, width: number): string {
  const fraction = fractionDigits(f, width).replace(/0+$/, '');
  return fraction === '' && text.endsWith('.') ? text.slice(0, -1) : text + fraction;
}

type Print = (f: DateTimeFields, width: number, date: DateTime) => string;
const prints: Readonly<Record<Exclude<FieldLetter, 'F' | 'K'>, Print>> = {
  d: (f, width, date) => (width <= 2 ? digits(f.day, width) : named(dayNames, dayOfWeek(date), width)),
  M: (f, width) => (width <= 2 ? digits(f.month, width) : named(monthNames, f.month - 1, width)),
  y: (f, width) => (width <= 2 ? digits(f.year % 100, width) : digits(f.year, width)),
  h: (f, width) => atMostTwo(f.hour % 12 === 0 ? 12 : f.hour % 12, width),
  H: (f, width) => atMostTwo(f.hour, width),
  m: (f, width) => atMostTwo(f.minute, width),
  s: (f, width) => atMostTwo(f.second, width),
  f: fractionDigits,
  t: (f, width) => (f.hour < 12 ? 'AM' : 'PM').slice(0, width),
  z: (_, width) => (width === 1 ? '+0' : width === 2 ? '+00' : '+00:00'),
  g: () => 'A.D.',
};

function named(names: readonly string[], index: number, width: number): string {
  const name = names[index] ?? '';
  return width === 3 ? abbreviated(name) : name;
}
