// Graph's synchronizationJob and what hangs below it, as answers carry them (graph-reference: synchronization-synchronizationjob).
import { z } from 'zod';
import { quarantineReasons, scheduleStates } from '../../../rules/model/job.ts';

const time = z.iso.datetime({ offset: true });
const count = z.int().min(0);

export const synchronizationError = z
  .strictObject({ code: z.string(), message: z.string(), tenantActionable: z.boolean() })
  .meta({ id: 'synchronizationError' });

const schedule = z
  .strictObject({
    expiration: time.nullable(),
    interval: z.string().describe('An ISO-8601 duration, such as PT40M.'),
    state: z.enum(scheduleStates),
  })
  .meta({ id: 'synchronizationSchedule' });

const execution = z
  .strictObject({
    activityIdentifier: z.string(),
    countEntitled: count,
    countEntitledForProvisioning: count,
    countEscrowed: count,
    countEscrowedRaw: count,
    countExported: count,
    countExports: count,
    countImported: count,
    countImportedDeltas: count,
    countImportedReferenceDeltas: count,
    error: synchronizationError.nullable(),
    state: z.enum(['Succeeded', 'Failed', 'EntryLevelErrors']),
    timeBegan: time,
    timeEnded: time,
  })
  .meta({ id: 'synchronizationTaskExecution' });

const progress = z
  .strictObject({
    completedUnits: count,
    totalUnits: count,
    progressObservationDateTime: time,
    units: z.string(),
  })
  .meta({ id: 'synchronizationProgress' });

const quarantine = z
  .strictObject({
    currentBegan: time,
    nextAttempt: time,
    reason: z.enum(quarantineReasons),
    seriesBegan: time,
    seriesCount: count,
    error: synchronizationError.nullable(),
  })
  .meta({ id: 'synchronizationQuarantine' });

const status = z
  .strictObject({
    code: z.enum(['NotConfigured', 'NotRun', 'Active', 'Paused', 'Quarantine']),
    countSuccessiveCompleteFailures: count,
    escrowsPruned: z.boolean(),
    lastExecution: execution.nullable(),
    lastSuccessfulExecution: execution.nullable(),
    lastSuccessfulExecutionWithExports: execution.nullable(),
    progress: z.array(progress),
    quarantine: quarantine.nullable(),
    steadyStateFirstAchievedTime: time,
    steadyStateLastAchievedTime: time,
    synchronizedEntryCountByType: z.array(z.strictObject({ key: z.string(), value: count })),
    troubleshootingUrl: z.string(),
  })
  .meta({ id: 'synchronizationStatus' });

export const synchronizationJob = z
  .strictObject({
    id: z.string(),
    templateId: z.string(),
    schedule,
    status,
    synchronizationJobSettings: z.array(z.strictObject({ name: z.string(), value: z.string().nullable() })),
  })
  .meta({ id: 'synchronizationJob' });
