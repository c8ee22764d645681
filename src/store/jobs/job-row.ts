// A job as the table holds it, and as the rest of Provisor knows it.
import type { CycleError, Job, Quarantine, QuarantineReason, ScheduleState } from '../../rules/model/job.ts';
import { jsonValue } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import type { Job as JobRow } from '../generated/client.ts';
import type { JobPatch } from '../../rules/model/records.ts';
import { noDialect } from '../../rules/model/target.ts';
import type { JobDialect } from '../../rules/model/target.ts';

export function toJob(row: JobRow): Job {
  return {
    ...row,
    scheduleState: row.scheduleState as ScheduleState,
    settings: row.settings as Readonly<Record<string, string>>,
    dialect: { ...noDialect, ...(row.dialect as unknown as Partial<JobDialect> | null) },
    watermark: row.watermark === null ? null : Number(row.watermark),
    quarantine: row.quarantine === null ? null : toQuarantine(row.quarantine as unknown as StoredQuarantine),
  };
}

/** Dates are ISO text in JSON. */
interface StoredQuarantine {
  readonly reason: QuarantineReason;
  readonly currentBegan: string;
  readonly nextAttempt: string;
  readonly seriesBegan: string;
  readonly seriesCount: number;
  readonly error: CycleError | null;
}
const toQuarantine = (stored: StoredQuarantine): Quarantine => ({
  ...stored,
  currentBegan: new Date(stored.currentBegan),
  nextAttempt: new Date(stored.nextAttempt),
  seriesBegan: new Date(stored.seriesBegan),
});

export function toColumns({ settings, dialect, quarantine, ...plain }: JobPatch): Prisma.JobUpdateInput {
  return {
    ...plain,
    ...(settings === undefined ? {} : { settings: jsonValue(settings) }),
    ...(dialect === undefined ? {} : { dialect: jsonValue(dialect) }),
    ...(quarantine === undefined ? {} : { quarantine: quarantine === null ? Prisma.DbNull : jsonValue(quarantine) }),
  };
}
