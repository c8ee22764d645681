// What an object has gained after each stage of a page: scope, then match, then a planned action.
import type { Action, MatchQuery, MatchVerdict, ScopeVerdict } from '../rules/model/decisions.ts';
import type { ObjectRule } from '../rules/mapping/compile.ts';
import type { MappedValue } from '../rules/mapping/mapped-value.ts';
import type { Json } from '../rules/model/json.ts';
import type { Candidate } from '../rules/model/records.ts';

export interface Scoped {
  readonly candidate: Candidate;
  readonly rule: ObjectRule;
  readonly scope: ScopeVerdict;
}
export interface Matched extends Scoped {
  readonly match: MatchVerdict;
  readonly queries: readonly MatchQuery[];
  /** Set when matching already decided that nothing can be done with the object. */
  readonly refusal: Action | null;
  /** What SelectUniqueValue chose for a new account, by target path. */
  readonly chosen?: ReadonlyMap<string, MappedValue>;
}
export interface Planned extends Matched {
  readonly action: Action;
  /** What nobody may see of it, should the target repeat it. */
  readonly secrets: readonly Json[];
}
