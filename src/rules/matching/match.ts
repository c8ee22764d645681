// Finding the account of an object without a link: what to ask the target, in which order, and what the answers mean.
import { evaluationFailed } from '../mapping/desired.ts';
import type { CompiledMapping } from '../mapping/compile-mapping.ts';
import type { ObjectRule } from '../mapping/compile.ts';
import { mappedValue } from '../mapping/mapped-value.ts';
import { REDACTED } from '../mapping/redact.ts';
import type { MappingInput } from '../mapping/mapped-value.ts';
import type { MatchQuery, MatchVerdict } from '../model/decisions.ts';
import type { ObjectError } from '../model/errors.ts';
import type { Json } from '../model/json.ts';
import type { TargetResource } from '../model/target.ts';

export type MatchQueries =
  { readonly ok: true; readonly queries: readonly MatchQuery[] } | { readonly ok: false; readonly error: ObjectError };

/** One query per matching attribute that has a value, lowest precedence number first. ImportSkipped when none has one. */
export function matchQueries(rule: ObjectRule, input: MappingInput): MatchQueries {
  const queries: MatchQuery[] = [];
  for (const mapping of rule.matching) {
    const result = mappedValue(mapping, input);
    if (result.kind === 'error') return { ok: false, error: evaluationFailed(mapping, input, result.message) };
    const value = result.kind === 'value' ? queryText(result.value) : '';
    if (value !== '') queries.push(queryOf(mapping, value));
  }
  return queries.length === 0 ? { ok: false, error: importSkipped(rule, input) } : { ok: true, queries };
}

const queryOf = ({ targetPath, matchingPriority, redacted }: CompiledMapping, value: string): MatchQuery => ({
  targetPath,
  value,
  priority: matchingPriority,
  ...(redacted ? { redacted: true as const } : {}),
});

/** The value of a query as a log may show it. */
export const shownQuery = ({ value, redacted }: MatchQuery): string => (redacted === true ? REDACTED : value);

/** A value as a query compares it; empty for what cannot be compared. A list of one value is that value. */
export function queryText(value: Json): string {
  if (Array.isArray(value)) return value.length === 1 ? queryText((value as readonly Json[])[0] ?? null) : '';
  return value === null || typeof value === 'object' ? '' : String(value);
}

const importSkipped = ({ matching }: ObjectRule, { object }: MappingInput): ObjectError => ({
  code: 'ImportSkipped',
  message: `${object.type} ${object.id} has no value for any matching attribute (${matching.map((m) => m.targetPath).join(', ')}), so its account cannot be looked up.`,
});

export interface AnsweredQuery {
  readonly query: MatchQuery;
  readonly resources: readonly TargetResource[];
}

/** The first query that finds something decides, and the rest is not asked; none left = there is no account. */
export function decideMatch(
  queries: readonly MatchQuery[],
  answered: readonly AnsweredQuery[],
): MatchVerdict | { readonly kind: 'ask'; readonly query: MatchQuery } {
  for (const { query: by, resources } of answered) {
    const accounts = new Map(resources.map((resource) => [resource.id, resource]));
    const [resource] = accounts.values();
    if (accounts.size > 1) return { kind: 'ambiguous', by, candidates: [...accounts.keys()] };
    if (resource !== undefined) return { kind: 'matched', resource, by };
  }
  const query = queries[answered.length];
  return query === undefined ? { kind: 'unmatched' } : { kind: 'ask', query };
}
