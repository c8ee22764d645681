// Numbers that count characters or values: from 1, and no longer than any text.
import { integerOf } from './coerce.ts';
import type { Value } from './values.ts';
import { EvaluationFailure } from './values.ts';

const BEYOND_ALL = 2 ** 31;
const bounded = (value: bigint): number => (value > BigInt(BEYOND_ALL) ? BEYOND_ALL : Number(value));

/** Null counts as 1. Throws EvaluationFailure below 1. */
export function positionOf(value: Value): number {
  const position = integerOf(value) ?? 1n;
  if (position >= 1n) return bounded(position);
  throw new EvaluationFailure(`the number ${String(position)} is too small: counting begins with 1.`);
}

/** Null counts as 0. Throws EvaluationFailure below 0. */
export function lengthOf(value: Value): number {
  const length = integerOf(value) ?? 0n;
  if (length >= 0n) return bounded(length);
  throw new EvaluationFailure(`the length ${String(length)} is negative: give 0 or more.`);
}
