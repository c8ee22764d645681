// What an evaluation sees of the world: the object, and clock and chance.
import type { Value } from './values.ts';

export interface EvaluationScope {
  /** Value of a source attribute; null when the object has none. `appRoleAssignments` is a list of RoleValue. */
  attribute(name: string): Value;
  readonly now: Date;
  /** From 0 up to but not including 1, from a source fit for passwords. */
  random(): number;
  guid(): string;
  readonly defaultDomain?: string;
  /**
   * For SelectUniqueValue: has another account this value in the target attribute? Compares without regard to case.
   * Absent: nothing is taken.
   */
  taken?(value: string): boolean;
}
