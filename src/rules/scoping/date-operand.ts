// The operand of a clause on a date: a fixed date, or an expression that gives one from the time of evaluation.
import { parseDateTime } from '../expressions/dates/parse-loose.ts';
import { TICKS_PER_DAY } from '../expressions/dates/calendar.ts';
import { dateTimeOf } from '../expressions/coerce.ts';
import { evaluate } from '../expressions/evaluate.ts';
import { parseExpression } from '../expressions/parse.ts';
import { attributesOf } from '../expressions/references.ts';
import { EvaluationFailure } from '../expressions/values.ts';
import type { DateTime } from '../expressions/values.ts';
import type { Expression } from '../expressions/ast.ts';

export interface DateOperand {
  /** A date without a time of day, or one that moves, stands for its whole day (UTC) where dates are equal. */
  readonly wholeDay: boolean;
  /** Its value changes with the time of evaluation. */
  readonly moves: boolean;
  at(now: Date): DateTime;
}
export type ReadDateOperand =
  { readonly ok: true; readonly operand: DateOperand } | { readonly ok: false; readonly message: string };

export function dateOperandOf(text: string): ReadDateOperand {
  const fixed = parseDateTime(text);
  if (fixed !== null) return { ok: true, operand: { wholeDay: !text.includes(':'), moves: false, at: () => fixed } };
  const parsed = parseExpression(text);
  if (!parsed.ok || parsed.expression.kind !== 'call')
    return refused(`"${text}" is neither a date such as 2026-03-01 nor an expression such as DateAdd("d", 14, Now())`);
  const reads = attributesOf(parsed.expression);
  if (reads.length > 0)
    return refused(`"${text}" reads ${reads.join(', ')}: the date to compare with must be the same for all objects`);
  const sample = valueAt(parsed.expression, SAMPLE_TIME);
  if (typeof sample === 'string') return refused(`"${text}" gives no date: ${sample}`);
  return { ok: true, operand: moving(text, parsed.expression) };
}

const refused = (message: string): ReadDateOperand => ({ ok: false, message });
const SAMPLE_TIME = new Date(Date.UTC(2024, 1, 29, 12));

/** All objects of a cycle are evaluated at one time: the last value is kept. */
function moving(text: string, expression: Expression): DateOperand {
  let last: { readonly time: number; readonly value: DateTime } | null = null;
  return {
    wholeDay: true,
    moves: true,
    at: (now) => {
      if (last?.time === now.getTime()) return last.value;
      const value = valueAt(expression, now);
      if (typeof value === 'string')
        throw new Error(`The filter compares with "${text}", which gives no date: ${value}`);
      last = { time: now.getTime(), value };
      return value;
    },
  };
}

/** A text says why there is no date. */
function valueAt(expression: Expression, now: Date): DateTime | string {
  const result = evaluate(expression, { attribute: () => null, now, random: () => 0, guid: () => '' });
  if (result.kind === 'error' || result.kind === 'all-taken') return result.message;
  if (result.kind !== 'value') return 'it says to let nothing flow.';
  try {
    return dateTimeOf(result.value);
  } catch (failure) {
    if (failure instanceof EvaluationFailure) return failure.message;
    throw failure;
  }
}

export const dayOf = ({ ticks }: DateTime): bigint => ticks / TICKS_PER_DAY;
