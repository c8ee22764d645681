// Scoping filters of an object mapping: any group of clauses that holds as a whole lets the object in.
import type { Value } from '../expressions/values.ts';
import type { FilterGroup, ScopeFilter } from '../model/schema.ts';
import { compileClause } from './clause.ts';
import type { CompiledClause, Missing } from './clause.ts';

export interface CompiledGroup {
  /** Unique among its siblings: the log names results by it. */
  readonly name: string;
  readonly clauses: readonly CompiledClause[];
}
export interface CompiledFilter {
  /** Whoever leaves these is deprovisioned. */
  readonly groups: readonly CompiledGroup[];
  /** Whoever fails one of these sets is left alone: neither provisioned nor deprovisioned. */
  readonly ignoring: readonly (readonly CompiledGroup[])[];
}

export const compileFilter = ({ groups, inputFilterGroups, categoryFilterGroups }: ScopeFilter): CompiledFilter => ({
  groups: compileGroups(groups),
  ignoring: [compileGroups(inputFilterGroups), compileGroups(categoryFilterGroups)],
});

function compileGroups(groups: readonly FilterGroup[]): readonly CompiledGroup[] {
  const taken = new Set<string>();
  return groups.map(({ name, clauses }, index) => {
    const wanted = name === null || name === '' ? `Filter group ${String(index + 1)}` : name;
    const unique = taken.has(wanted) ? `${wanted} (${String(index + 1)})` : wanted;
    taken.add(unique);
    return { name: unique, clauses: clauses.map(compileClause) };
  });
}

export type ReadAttribute = (name: string) => Value;

/** Group name → whether all of its clauses hold. */
export const groupResults = (
  groups: readonly CompiledGroup[],
  read: ReadAttribute,
  missing: Missing,
): Readonly<Record<string, boolean>> =>
  Object.fromEntries(
    groups.map(({ name, clauses }) => [name, clauses.every(({ attribute, test }) => test(read(attribute), missing))]),
  );

/** No group is no filter. */
export function passesAny(results: Readonly<Record<string, boolean>>): boolean {
  const all = Object.values(results);
  return all.length === 0 || all.includes(true);
}
