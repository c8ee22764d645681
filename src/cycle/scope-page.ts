// The first stage of a page: which of its objects are in scope, and why.
import { ruleFor } from '../rules/mapping/compile.ts';
import { jobSetting } from '../rules/model/job-settings.ts';
import type { Candidate } from '../rules/model/records.ts';
import { evaluateScope } from '../rules/scoping/evaluate-scope.ts';
import type { ScopeContext } from '../rules/scoping/evaluate-scope.ts';
import type { RunContext } from './run-context.ts';
import type { Scoped } from './stages.ts';

export function scopePage(context: RunContext, imported: readonly Candidate[]): readonly Scoped[] {
  const scope = scopeContext(context);
  return imported.flatMap((candidate) => {
    const rule = ruleFor(context.schema, candidate.object.type);
    return rule === null ? [] : [{ candidate, rule, scope: evaluateScope(rule, candidate, scope) }];
  });
}

/** All objects of a cycle are evaluated at the time of its start, so that what time changes is found in one window. */
const scopeContext = ({ scope, servicePrincipal, cycle, job }: RunContext): ScopeContext => ({
  setting: scope,
  roles: servicePrincipal.appRoles,
  defaultAccessEntitles: jobSetting(job.settings, 'AllowDefaultEntitlement'),
  now: cycle.startedAt ?? cycle.queuedAt,
});
