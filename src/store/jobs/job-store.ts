// Jobs and the versions of their schemas. Fits JobStore of the cycle.
import type { Job, SchemaVersion, StoredSchema } from '../../rules/model/job.ts';
import type { SynchronizationSchema } from '../../rules/model/schema.ts';
import type { JobEvent } from '../../rules/model/job-events.ts';
import type { ObjectType } from '../../rules/model/source-object.ts';
import { jsonValue } from '../database.ts';
import type { Database, Tx } from '../database.ts';
import type { JobSchema } from '../generated/client.ts';
import { deleteJob, forget } from './delete-job.ts';
import { keepEvents } from '../notifications/outbox.ts';
import { toColumns, toJob } from './job-row.ts';
import type { Forgettable, JobPatch, NewJob } from '../../rules/model/records.ts';
import type { JobDialect } from '../../rules/model/target.ts';
import { mergeFound } from '../../rules/scim/dialects.ts';

export type JobRecords = ReturnType<typeof jobStore>;

export function jobStore(database: Database) {
  const { prisma } = database;
  return {
    /** A new job is disabled until somebody starts it, as in Graph. */
    create: ({ schema, settings, dialect, ...job }: NewJob): Promise<Job> =>
      database.transaction(async (tx) => {
        const documents = { settings: jsonValue(settings), dialect: jsonValue(dialect) };
        const row = await tx.job.create({ data: { ...job, ...documents, scheduleState: 'Disabled' } });
        await tx.jobSchema.create({ data: { jobId: job.id, version: 1, document: jsonValue(schema) } });
        return toJob(row);
      }),
    async get(id: string): Promise<Job | null> {
      const row = await prisma.job.findUnique({ where: { id } });
      return row === null ? null : toJob(row);
    },
    async list(filter: { readonly servicePrincipalId?: string } = {}): Promise<readonly Job[]> {
      const rows = await prisma.job.findMany({ where: filter, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
      return rows.map(toJob);
    },
    update: (id: string, patch: JobPatch, events: readonly JobEvent[] = []): Promise<Job> =>
      database.transaction((tx) => updateJob(tx, id, patch, events)),
    delete: (id: string): Promise<void> => database.transaction((tx) => deleteJob(tx, id)),
    schema: (id: string): Promise<StoredSchema> => newestSchema(prisma, id),
    async schemaVersion(id: string, version: number): Promise<StoredSchema> {
      const row = await prisma.jobSchema.findUnique({ where: { jobId_version: { jobId: id, version } } });
      if (row === null) throw new Error(`Job ${id} has no schema of version ${version}.`);
      return toSchema(row);
    },
    schemaVersions: (id: string): Promise<readonly SchemaVersion[]> =>
      prisma.jobSchema.findMany({
        where: { jobId: id },
        orderBy: { version: 'desc' },
        select: { version: true, savedAt: true, savedBy: true },
      }),
    /** Adds a version; earlier ones stay for the cycles that run with them, and for who wants one of them back. */
    saveSchema: (id: string, schema: SynchronizationSchema, savedBy: string): Promise<StoredSchema> =>
      database.transaction(async (tx) => {
        await tx.$queryRaw`SELECT id FROM job WHERE id = ${id} FOR UPDATE`;
        const { version } = await newestSchema(tx, id);
        return toSchema(
          await tx.jobSchema.create({
            data: { jobId: id, version: version + 1, savedBy, document: jsonValue(schema) },
          }),
        );
      }),
    noteDialect: (id: string, found: FoundKnobs): Promise<boolean> =>
      database.transaction((tx) => noteDialect(tx, id, found)),
    linkCounts: (id: string): Promise<Readonly<Record<ObjectType, number>>> => linkCounts(prisma, id),
    escrowCount: (id: string): Promise<number> => prisma.escrow.count({ where: { jobId: id } }),
    heldCount: (id: string): Promise<number> =>
      prisma.heldDeletion.count({ where: { jobId: id, decision: 'waiting' } }),
    reset: (
      id: string,
      forgotten: readonly Forgettable[],
      patch: JobPatch,
      events: readonly JobEvent[] = [],
    ): Promise<void> => database.transaction((tx) => reset(tx, id, forgotten, patch, events)),
  };
}

export async function updateJob(tx: Tx, id: string, patch: JobPatch, events: readonly JobEvent[]): Promise<Job> {
  const [row] = await tx.job.updateManyAndReturn({ where: { id }, data: toColumns(patch) });
  if (row === undefined) throw new Error(`Job ${id} was not changed: it does not exist, or was deleted meanwhile.`);
  await keepEvents(tx, events);
  return toJob(row);
}

async function reset(
  tx: Tx,
  id: string,
  forgotten: readonly Forgettable[],
  patch: JobPatch,
  events: readonly JobEvent[],
): Promise<void> {
  for (const what of forgotten) await forget(tx, id, what);
  await tx.job.updateMany({ where: { id }, data: toColumns(patch) });
  await keepEvents(tx, events);
}

type FoundKnobs = Pick<JobDialect, 'proven' | 'knobs'>;
async function noteDialect(tx: Tx, id: string, found: FoundKnobs): Promise<boolean> {
  await tx.$queryRaw`SELECT id FROM job WHERE id = ${id} FOR UPDATE`;
  const row = await tx.job.findUnique({ where: { id } });
  if (row === null) return false;
  const { merged, news } = mergeFound(toJob(row).dialect, found);
  await tx.job.update({ where: { id }, data: toColumns({ dialect: merged }) });
  return news;
}

async function linkCounts(tx: Tx, jobId: string): Promise<Readonly<Record<ObjectType, number>>> {
  const rows = await tx.link.groupBy({ by: ['type'], where: { jobId }, _count: true });
  const countOf = (type: ObjectType) => rows.find((row) => row.type === type)?._count ?? 0;
  return { User: countOf('User'), Group: countOf('Group') };
}

async function newestSchema(tx: Tx, jobId: string): Promise<StoredSchema> {
  const row = await tx.jobSchema.findFirst({ where: { jobId }, orderBy: { version: 'desc' } });
  if (row === null) throw new Error(`Job ${jobId} has no schema: it does not exist, or was deleted meanwhile.`);
  return toSchema(row);
}

const toSchema = ({ version, savedAt, savedBy, document }: JobSchema): StoredSchema => ({
  version,
  savedAt,
  savedBy,
  schema: document as unknown as SynchronizationSchema,
});
