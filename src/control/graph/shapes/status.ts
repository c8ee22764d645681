// Graph's synchronizationStatus: progress, executions, quarantine, counts.
import type { Cycle, CycleError, Quarantine } from '../../../rules/model/job.ts';
import type { JsonObject } from '../../../rules/model/json.ts';
import type { JobStatus } from '../../../cycle/use-cases/job-status.ts';

/** Graph's value of a time that never came. */
const NEVER = '0001-01-01T00:00:00Z';
const time = (date: Date | null): string => date?.toISOString() ?? NEVER;

export const statusShape = (status: JobStatus): JsonObject => ({
  code: status.code,
  countSuccessiveCompleteFailures: status.job.successiveFailures,
  escrowsPruned: status.job.escrowsPruned,
  lastExecution: status.lastExecution && executionShape(status.lastExecution, status.escrows),
  lastSuccessfulExecution: status.lastSuccessful && executionShape(status.lastSuccessful),
  lastSuccessfulExecutionWithExports:
    status.lastSuccessfulWithExports && executionShape(status.lastSuccessfulWithExports),
  progress: progressShape(status),
  quarantine: status.job.quarantine && quarantineShape(status.job.quarantine),
  steadyStateFirstAchievedTime: time(status.job.steadyStateFirst),
  steadyStateLastAchievedTime: time(status.job.steadyStateLast),
  synchronizedEntryCountByType: status.entries.map(({ sourceObjectName, targetObjectName, linked }) => ({
    key: `${sourceObjectName} to ${targetObjectName}`,
    value: linked,
  })),
  troubleshootingUrl: '',
});

const progressShape = ({ current, observedAt }: JobStatus): readonly JsonObject[] =>
  current === null
    ? []
    : [
        {
          completedUnits: current.progress.done,
          totalUnits: current.progress.total,
          progressObservationDateTime: observedAt.toISOString(),
          units: 'objects',
        },
      ];

/** `escrowed` is the number of objects in error now, for the last execution. */
function executionShape(cycle: Cycle, escrowed: number = cycle.escrowed ?? cycle.counts.failed): JsonObject {
  const { counts } = cycle;
  const exported = counts.created + counts.updated + counts.disabled + counts.restored + counts.deleted;
  const references = counts.membersAdded + counts.membersRemoved;
  return {
    activityIdentifier: cycle.id,
    countEntitled: counts.inScope,
    countEntitledForProvisioning: counts.inScope,
    countEscrowed: escrowed,
    countEscrowedRaw: escrowed,
    countExported: exported,
    countExports: exported + counts.failed,
    countImported: counts.imported,
    countImportedDeltas: counts.imported,
    countImportedReferenceDeltas: references,
    error: cycle.error && errorShape(cycle.error),
    state: resultOf(cycle),
    timeBegan: time(cycle.startedAt ?? cycle.queuedAt),
    timeEnded: time(cycle.endedAt),
  };
}

function resultOf({ state }: Cycle): string {
  if (state === 'succeeded') return 'Succeeded';
  return state === 'entryLevelErrors' ? 'EntryLevelErrors' : 'Failed';
}

const quarantineShape = (quarantine: Quarantine): JsonObject => ({
  currentBegan: time(quarantine.currentBegan),
  nextAttempt: time(quarantine.nextAttempt),
  reason: quarantine.reason,
  seriesBegan: time(quarantine.seriesBegan),
  seriesCount: quarantine.seriesCount,
  error: quarantine.error && errorShape(quarantine.error),
});

/** Everything but a bug of ours is for the tenant's administrator to mend. */
const errorShape = ({ code, message }: CycleError): JsonObject => ({
  code,
  message,
  tenantActionable: code !== 'InternalError',
});
