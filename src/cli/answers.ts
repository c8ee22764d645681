// The engine's answers, as far as commands read them.
import { z } from 'zod';
import { cycleCounters } from '../rules/model/job.ts';
import { nearest } from '../rules/expressions/nearest.ts';
import type { Connection } from './connection.ts';
import { CommandFailure } from './failure.ts';

export const cycle = z.object({
  id: z.string(),
  jobId: z.string(),
  type: z.string(),
  dryRun: z.boolean(),
  state: z.enum(['queued', 'running', 'succeeded', 'entryLevelErrors', 'failed', 'stopped']),
  phase: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  progress: z.object({ done: z.number(), total: z.number() }),
  counts: z.record(z.enum(cycleCounters), z.number()),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type CycleAnswer = z.output<typeof cycle>;

const execution = z.object({ state: z.string(), timeEnded: z.string(), countExported: z.number() }).nullable();
export const job = z.object({
  id: z.string(),
  templateId: z.string(),
  displayName: z.string().nullable(),
  servicePrincipalId: z.string(),
  createdAt: z.string(),
  escrows: z.number(),
  held: z.number(),
  failedExchange: z
    .object({ method: z.string(), url: z.string(), status: z.number().nullable(), body: z.string() })
    .nullable(),
  disabledAt: z.string().nullable(),
  schedule: z.object({ interval: z.string(), state: z.string() }),
  status: z.object({
    code: z.string(),
    lastExecution: execution,
    quarantine: z
      .object({ reason: z.string(), nextAttempt: z.string(), error: z.object({ message: z.string() }).nullable() })
      .nullable(),
    synchronizedEntryCountByType: z.array(z.object({ key: z.string(), value: z.number() })),
  }),
  synchronizationJobSettings: z.array(z.object({ name: z.string(), value: z.string() })),
  currentCycle: cycle.nullable(),
});
export type JobAnswer = z.output<typeof job>;
export const jobList = z.object({ value: z.array(job) });

export const logEntry = z.object({
  activityDateTime: z.string(),
  provisioningAction: z.string(),
  sourceIdentity: z.object({ id: z.string(), displayName: z.string() }),
  targetIdentity: z.object({ id: z.string(), displayName: z.string() }),
  provisioningStatusInfo: z.object({
    status: z.string(),
    errorInformation: z.object({ errorCode: z.string(), reason: z.string() }).nullable(),
  }),
  provisioningSteps: z.array(z.object({ description: z.string(), details: z.record(z.string(), z.string()) })),
});
export type LogEntryAnswer = z.output<typeof logEntry>;

/** An engine of another version may answer in another shape: said as that, not as a crash. */
export function understand<T extends z.ZodType>(schema: T, answer: unknown): z.output<T> {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  const where = read.error.issues[0]?.path.map(String).join('/') ?? '';
  throw new CommandFailure(
    `The engine answered in a form that this command does not know (${where}). Use the command of the same version, or --json.`,
  );
}

/** The job that a person means: by id, by the name of its application, or by the beginning of either, if only one fits. */
export async function findJob(connection: Connection, wanted: string): Promise<JobAnswer> {
  const { value: jobs } = understand(jobList, await connection.send('GET', '/api/jobs'));
  const text = wanted.toLowerCase();
  const names = ({ id, displayName }: JobAnswer): readonly string[] => [
    id.toLowerCase(),
    (displayName ?? '').toLowerCase(),
  ];
  const exact = jobs.filter((candidate) => names(candidate).includes(text));
  const fitting =
    exact.length > 0 ? exact : jobs.filter((candidate) => names(candidate).some((name) => name.startsWith(text)));
  const [found, ...others] = fitting;
  if (found === undefined) {
    const meant = nearest(
      wanted,
      jobs.map(({ displayName, id }) => displayName ?? id),
    );
    const hint = meant === undefined ? "See 'jobs list' for those that exist." : `Did you mean '${meant}'?`;
    throw new CommandFailure(`There is no job '${wanted}'. ${hint}`);
  }
  if (others.length > 0)
    throw new CommandFailure(`'${wanted}' fits ${String(fitting.length)} jobs. Give the whole id, as in 'jobs list'.`);
  return found;
}

export const jobPath = ({ servicePrincipalId, id }: JobAnswer): string =>
  `${synchronizationPath(servicePrincipalId)}/jobs/${encodeURIComponent(id)}`;
export const synchronizationPath = (servicePrincipalId: string): string =>
  `/v1.0/servicePrincipals/${encodeURIComponent(servicePrincipalId)}/synchronization`;
