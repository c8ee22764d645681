// The planned action of an object that was matched: what matching refused already, else the decision of the rules.
import { jobSetting } from '../rules/model/job-settings.ts';
import type { PlanInput } from '../rules/planning/plan-input.ts';
import { planObject } from '../rules/planning/plan-object.ts';
import { secretsOf } from '../rules/planning/secrets-of.ts';
import type { Deps } from './ports.ts';
import type { RunContext } from './run-context.ts';
import { unlessIgnored } from '../rules/safety/escrow-ignored.ts';
import { services } from './services.ts';
import type { Matched, Planned } from './stages.ts';

export function planOf(deps: Deps, context: RunContext, matched: Matched): Planned {
  const { servicePrincipal, skipOutOfScopeDeletions, dialect } = context;
  const { rule, candidate, scope, match, chosen } = matched;
  const { settings } = context.job;
  const input: PlanInput = {
    rule,
    candidate,
    scope,
    match,
    chosen,
    roles: servicePrincipal.appRoles,
    skipOutOfScopeDeletions,
    policy: { User: jobSetting(settings, 'DeprovisionUsers'), Group: jobSetting(settings, 'DeprovisionGroups') },
    dialect,
    services: services(deps),
    fingerprint: deps.fingerprint,
  };
  const action = unlessIgnored(matched.refusal ?? planObject(input), candidate);
  return { ...matched, action, secrets: secretsOf(input, action) };
}
