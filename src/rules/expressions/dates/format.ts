// Prints a time with a .NET format string, invariant culture. Times are UTC, so offsets print as +00:00 and K as Z.
import type { DateTime } from '../values.ts';
import type { DateTimeFields } from './calendar.ts';
import { abbreviated, dayNames, dayOfWeek, fieldsOf, monthNames } from './calendar.ts';
import type { FieldLetter } from './pattern.ts';
import { patternParts } from './pattern.ts';

/** Throws EvaluationFailure for a format that .NET refuses. */
export function formatDateTime(date: DateTime, format: string): string {
  const fields = fieldsOf(date);
  let text = '';
  for (const part of patternParts(format)) {
    if (part.kind === 'literal') text += part.text;
    else if (part.letter === 'F') text = withOptionalFraction(text, fields, part.width);
    else text += fieldText(date, fields, part.letter, part.width);
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

function fieldText(date: DateTime, f: DateTimeFields, letter: Exclude<FieldLetter, 'F'>, width: number): string {
  switch (letter) {
    case 'd':
      return width <= 2 ? digits(f.day, width) : named(dayNames, dayOfWeek(date), width);
    case 'M':
      return width <= 2 ? digits(f.month, width) : named(monthNames, f.month - 1, width);
    case 'y':
      return width <= 2 ? digits(f.year % 100, width) : digits(f.year, width);
    case 'h':
      return atMostTwo(f.hour % 12 === 0 ? 12 : f.hour % 12, width);
    case 'H':
      return atMostTwo(f.hour, width);
    case 'm':
      return atMostTwo(f.minute, width);
    case 's':
      return atMostTwo(f.second, width);
    case 'f':
      return fractionDigits(f, width);
    case 't':
      return (f.hour < 12 ? 'AM' : 'PM').slice(0, width);
    case 'z':
      return width === 1 ? '+0' : width === 2 ? '+00' : '+00:00';
    case 'K':
      return 'Z';
    case 'g':
      return 'A.D.';
  }
}

function named(names: readonly string[], index: number, width: number): string {
  const name = names[index] ?? '';
  return width === 3 ? abbreviated(name) : name;
}
