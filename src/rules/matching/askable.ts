// Which look-ups a target can answer: a query by an attribute that it cannot filter by is refused, or ignored and answered
// with everybody.
import type { MatchQuery } from '../model/decisions.ts';
import type { Dialect, ResourceType } from '../model/target.ts';
import { parsePath, printPath } from '../scim/path.ts';

export function isFilterable({ filterable }: Pick<Dialect, 'filterable'>, type: ResourceType, path: string): boolean {
  const offered = filterable[type];
  return offered === null || offered.some((one) => sameForm(one) === sameForm(path));
}

const sameForm = (text: string): string => {
  const path = parsePath(text);
  return (path === null ? text.trim() : printPath(path)).toLowerCase();
};

/** Queries by attributes that cannot be filtered by are left out; all of them are kept where none can: they take a listing. */
export function askable(
  queries: readonly MatchQuery[],
  dialect: Pick<Dialect, 'filterable'>,
  type: ResourceType,
): readonly MatchQuery[] {
  const kept = queries.filter(({ targetPath }) => isFilterable(dialect, type, targetPath));
  return kept.length === 0 ? queries : kept;
}
