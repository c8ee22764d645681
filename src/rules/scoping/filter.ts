// Scoping filters of an object mapping: any group of clauses that holds as a whole lets the object in.
import type { Value } from '../expressions/values.ts';
import type { FilterGroup, ScopeFilter } from '../model/schema.ts';
import { compileClause } from './clause.ts';
import type { Circumstances, CompiledClause, Tested } from './clause.ts';

export interface CompiledGroup {
  readonly name: string;
  readonly clauses: readonly CompiledClause[];
}
export interface CompiledFilter {
  /** Whoever leaves these is deprovisioned. */
  readonly groups: readonly CompiledGroup[];
  /** Whoever fails one of these sets is left alone: neither provisioned nor deprovisioned. */
  readonly ignoring: readonly IgnoringFilter[];
}
export interface IgnoringFilter {
  readonly groups: readonly CompiledGroup[];
  readonly missing: Circumstances['missing'];
}
/** What is known of an attribute; undefined for one that nothing is known of, which is read as text. */
export type DescribeAttribute = (name: string) => Tested | undefined;

/**
 * Ordinary objects lack most of the attributes that the input filters of Entra's own templates exclude by, and are read all the
 * same: there a missing value satisfies the negative operators.
 */
export const compileFilter = (
  { groups, inputFilterGroups, categoryFilterGroups }: ScopeFilter,
  describe: DescribeAttribute = () => undefined,
): CompiledFilter => ({
  groups: compileGroups(groups, '', describe),
  ignoring: [
    { groups: compileGroups(inputFilterGroups, 'Input filter: ', describe), missing: 'passes' },
    { groups: compileGroups(categoryFilterGroups, 'Category filter: ', describe), missing: 'fails' },
  ],
});

const compileGroups = (
  groups: readonly FilterGroup[],
  prefix: string,
  describe: DescribeAttribute,
): readonly CompiledGroup[] =>
  groups.map(({ name, clauses }, index) => ({
    name: prefix + (name === null || name === '' ? `Filter group ${String(index + 1)}` : name),
    clauses: clauses.map((clause) => compileClause(clause, describe(clause.sourceOperandName))),
  }));

export type ReadAttribute = (name: string) => Value;

export interface FilterAnswer {
  readonly passed: boolean;
  /** `{title} {attribute} {operator} {value}` of each clause → whether it holds. */
  readonly results: Readonly<Record<string, boolean>>;
}

/** Every clause is looked at, so that the log shows all of them. No group is no filter. */
export function answerOf(
  groups: readonly CompiledGroup[],
  read: ReadAttribute,
  circumstances: Circumstances,
): FilterAnswer {
  const results: Record<string, boolean> = {};
  let passed = groups.length === 0;
  for (const { name, clauses } of groups) {
    let all = true;
    for (const { attribute, words, test } of clauses) {
      const holds = test(read(attribute), circumstances);
      results[`${name} ${words}`] = holds;
      all &&= holds;
    }
    passed ||= all;
  }
  return { passed, results };
}
