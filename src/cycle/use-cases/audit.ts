// Every administrative act leaves a record: who, when, what, from, to. Secrets never get here.
import type { JsonObject } from '../../rules/model/json.ts';
import type { UseCaseDeps } from './deps.ts';

export interface Act {
  readonly actor: string;
  readonly activity: string;
  readonly jobId?: string;
  /** Absent for what concerns no application. */
  readonly servicePrincipalId?: string;
  readonly before?: JsonObject;
  readonly after?: JsonObject;
  readonly ipAddress?: string;
}

export const audit = (deps: UseCaseDeps, act: Act): Promise<void> =>
  deps.logs.audit({
    id: deps.newId(),
    at: deps.clock.now(),
    actor: act.actor,
    activity: act.activity,
    jobId: act.jobId ?? null,
    servicePrincipalId: act.servicePrincipalId ?? null,
    before: act.before ?? null,
    after: act.after ?? null,
    ...(act.ipAddress === undefined ? {} : { ipAddress: act.ipAddress }),
  });
