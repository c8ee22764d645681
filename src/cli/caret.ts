// An expression with a caret under the place that is meant; of a long one, the part around the place.
import { lengthOf, printable } from './text.ts';

const BEFORE = 50;
const AFTER = 30;
const INDENT = '  ';

/** Two lines; `at` counts UTF-16 units from 0. */
export function pointAt(text: string, at: number): string {
  const place = Math.min(Math.max(at, 0), text.length);
  const from = place > BEFORE + 10 ? place - BEFORE : 0;
  const to = text.length > place + AFTER + 10 ? place + AFTER : text.length;
  const [head, tail] = [from > 0 ? '…' : '', to < text.length ? '…' : ''];
  const before = head + printable(text.slice(from, place));
  return `${INDENT}${before}${printable(text.slice(place, to))}${tail}\n${INDENT}${' '.repeat(lengthOf(before))}^`;
}
