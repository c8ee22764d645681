// One entry of the provisioning log for every object of a page, also when nothing happened to it.
import type { Outcome } from '../rules/model/decisions.ts';
import type { LogEntry } from '../rules/model/log.ts';
import { logEntry, referenceLogEntry } from '../rules/planning/log-entry.ts';
import type { LogFrame } from '../rules/planning/log-entry.ts';
import { changeIdOf } from './correlation.ts';
import type { Deps } from './ports.ts';
import type { ReferenceWork } from './process-references.ts';
import type { RunContext } from './run-context.ts';
import type { Planned } from './stages.ts';

export function logOutcomes(
  deps: Deps,
  context: RunContext,
  planned: readonly Planned[],
  outcomes: readonly Outcome[],
  begun: Date,
): readonly LogEntry[] {
  const plannedBy = new Map(planned.map((object) => [object.action, object]));
  return outcomes.flatMap((outcome) => {
    const object = plannedBy.get(outcome.action);
    return object === undefined
      ? []
      : [logEntry({ ...frame(deps, context, outcome.action.sourceId, begun), ...object, outcome })];
  });
}

/** Owners whose references stand as they should are not news. */
export function logReferences(
  deps: Deps,
  context: RunContext,
  work: readonly ReferenceWork[],
  begun: Date,
): readonly LogEntry[] {
  const news = work.filter(
    ({ outcome: o }) =>
      o.added.count + o.removed.count + o.pending.count + o.refused.count > 0 || o.error !== null || o.held !== null,
  );
  return news.map((item) => referenceLogEntry({ ...frame(deps, context, item.outcome.ownerId, begun), ...item }));
}

function frame(
  deps: Deps,
  { cycle, job, servicePrincipal, schema }: RunContext,
  sourceId: string,
  begun: Date,
): LogFrame {
  const at = deps.clock.now();
  return {
    id: deps.newId(),
    changeId: changeIdOf(cycle.id, sourceId),
    at,
    durationInMilliseconds: at.getTime() - begun.getTime(),
    tenantId: job.tenantId,
    jobId: job.id,
    cycleId: cycle.id,
    dryRun: cycle.dryRun,
    servicePrincipal: { id: servicePrincipal.id, displayName: servicePrincipal.displayName },
    targetSystem: schema.targetDirectoryName,
  };
}
