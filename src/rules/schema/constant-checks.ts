// What a constant must be for arguments that take only certain texts or numbers.
import { patternParts } from '../expressions/dates/pattern.ts';
import { stylesOf } from '../expressions/dates/styles.ts';
import { casingOf } from '../expressions/text-case.ts';
import { EvaluationFailure } from '../expressions/values.ts';

type Check = (value: string) => string | null;

const intervals = ['yyyy', 'm', 'ww', 'd', 'h', 'n', 's'];
const interval: Check = (value) =>
  intervals.includes(value) ? null : `there is no such interval, and case matters: use ${intervals.join(', ')}`;

const atLeast =
  (least: number): Check =>
  (value) =>
    Number(value) >= least ? null : `it must be at least ${String(least)}`;

/** Whatever reads the value says itself what is wrong with it. */
const readBy =
  (read: (value: string) => unknown): Check =>
  (value) => {
    try {
      read(value);
      return null;
    } catch (failure) {
      if (failure instanceof EvaluationFailure) return failure.message.replace(/\.$/, '');
      throw failure;
    }
  };

/** Function and key of the parameter. */
const checks: Readonly<Record<string, Check>> = {
  'DateAdd interval': interval,
  'DateDiff interval': interval,
  'FormatDateTime dateTimeStyles': readBy(stylesOf),
  'FormatDateTime inputFormat': readBy(patternParts),
  'FormatDateTime outputFormat': readBy(patternParts),
  'ToLower culture': readBy(casingOf),
  'ToUpper culture': readBy(casingOf),
  'Mid start': atLeast(1),
  'Mid length': atLeast(0),
  'Item index': atLeast(1),
};

/** What is wrong with a constant, or null. */
export const constantProblem = (name: string, key: string, value: string): string | null =>
  checks[`${name} ${key}`]?.(value) ?? null;
