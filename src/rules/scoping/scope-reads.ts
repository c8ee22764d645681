// What the filters of a schema look at beside an object's own row: groups, the manager, and the time. Changes there must bring
// objects into the next cycle although their own rows did not change.
import type { CompiledSchema } from '../mapping/compile.ts';
import { sourceAttribute } from '../model/source-attributes.ts';
import type { NamedGroups } from '../model/records.ts';
import type { ObjectType } from '../model/source-object.ts';
import { formatDateTime } from '../expressions/dates/format.ts';
import { datePattern } from '../expressions/dates/pattern.ts';
import { dateTimeOfTicks, TICKS_PER_DAY, TICKS_PER_SECOND } from '../expressions/dates/calendar.ts';
import { DIRECT_GROUPS } from '../schema/filter-subjects.ts';
import type { CompiledClause } from './clause.ts';
import type { DateOperand } from './date-operand.ts';

export interface ScopeReads {
  /** Groups that filters name: whoever joins or leaves one is looked at. */
  readonly groups: NamedGroups;
  /** Some filter tests the manager. */
  readonly manager: boolean;
  /** Objects with a date in one of these windows may have come into scope or left it by the passing of time. */
  readonly dates: readonly DateWindow[];
}
/** Bounds as `2026-03-01T00:00:00`, both included; `null` = none. */
export interface DateWindow {
  readonly type: ObjectType;
  /** Graph property, and the path below it. */
  readonly path: readonly string[];
  readonly from: string | null;
  readonly to: string | null;
}
export const noReads: ScopeReads = { groups: { direct: [], transitive: [] }, manager: false, dates: [] };

interface TypedClause {
  readonly type: ObjectType;
  readonly clause: CompiledClause;
}

/** `since`: what the last evaluation of everything counted from; `null` when that is not known. */
export function scopeReads(schema: CompiledSchema, since: Date | null, now: Date): ScopeReads {
  const clauses = clausesOf(schema);
  return {
    groups: namedGroups(schema),
    manager: clauses.some(({ clause }) => clause.subject.kind === 'manager'),
    dates: clauses.flatMap((one) => one.clause.moving.flatMap((operand) => windowOf(one, operand, since, now))),
  };
}

const clausesOf = ({ rules }: CompiledSchema): readonly TypedClause[] =>
  rules.flatMap(({ type, scope }) =>
    [scope?.groups ?? [], ...(scope?.ignoring ?? []).map(({ groups }) => groups)]
      .flat()
      .flatMap(({ clauses }) => clauses.map((clause) => ({ type, clause }))),
  );

export function namedGroups(schema: CompiledSchema): NamedGroups {
  const named = clausesOf(schema).filter(({ clause }) => clause.subject.kind === 'groups');
  const idsOf = (direct: boolean): readonly string[] => [
    ...new Set(named.flatMap(({ clause }) => ((clause.attribute === DIRECT_GROUPS) === direct ? clause.operands : []))),
  ];
  return { direct: idsOf(true), transitive: idsOf(false) };
}

/**
 * The answer for a date changes only if the date lies between what it was compared with then and what it is compared with
 * now; where dates are equal by the day, only if these are different days, and their whole days count.
 */
function windowOf(
  { type, clause }: TypedClause,
  operand: DateOperand,
  since: Date | null,
  now: Date,
): readonly DateWindow[] {
  const attribute = sourceAttribute(type, clause.attribute);
  const path = [attribute?.property ?? clause.attribute, ...(attribute?.path ?? [])];
  if (since === null) return [{ type, path, from: null, to: null }];
  const unit = clause.operator === 'BEFORE' || clause.operator === 'AFTER' ? TICKS_PER_SECOND : TICKS_PER_DAY;
  const [then, today] = [operand.at(since).ticks, operand.at(now).ticks];
  if (then === today || (unit === TICKS_PER_DAY && then / unit === today / unit)) return [];
  const [first, last] = then < today ? [then, today] : [today, then];
  return [{ type, path, from: boundary((first / unit) * unit), to: boundary((last / unit + 1n) * unit) }];
}

const secondOfDate = datePattern("yyyy-MM-dd'T'HH:mm:ss");

/** `null` beyond the last day of the calendar. */
function boundary(ticks: bigint): string | null {
  const date = dateTimeOfTicks(ticks);
  return date === null ? null : formatDateTime(date, secondOfDate);
}
