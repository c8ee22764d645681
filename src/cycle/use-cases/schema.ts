// The schema of a job: read, replaced whole, or reset to its template's. A wrong schema is refused and the old one stays.
import type { Job, StoredSchema } from '../../rules/model/job.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import type { SchemaFinding } from '../../rules/model/schema.ts';
import { schemaChanges } from '../../rules/schema/diff-schema.ts';
import type { SchemaChange } from '../../rules/schema/diff-schema.ts';
import { readSchema } from '../../rules/schema/read-schema.ts';
import type { ReadSchema } from '../../rules/schema/read-schema.ts';
import { audit } from './audit.ts';
import type { UseCaseDeps } from './deps.ts';
import { requireTemplate } from './jobs.ts';

export const getSchema = (deps: UseCaseDeps, job: Job): Promise<StoredSchema> => deps.jobs.schema(job.id);

export type PutSchemaResult =
  | { readonly ok: true; readonly stored: StoredSchema; readonly warnings: readonly SchemaFinding[] }
  | { readonly ok: false; readonly findings: readonly SchemaFinding[] };

/** All findings at once. A running cycle finishes with the old schema; the next one evaluates every object with the new one. */
export async function putSchema(
  deps: UseCaseDeps,
  job: Job,
  document: unknown,
  actor: string,
): Promise<PutSchemaResult> {
  const read = await checkSchema(deps, job, document);
  if (!read.ok) return read;
  return { ok: true, stored: await save(deps, job, read.schema, actor), warnings: read.warnings };
}

/** What saving the document would answer; nothing is saved. */
export async function checkSchema(deps: UseCaseDeps, job: Job, document: unknown): Promise<ReadSchema> {
  const [current, secrets] = await Promise.all([deps.jobs.schema(job.id), deps.secrets.get(job.servicePrincipalId)]);
  return readSchema(document, {
    id: job.id,
    version: nextVersion(current),
    current: current.schema,
    syncAll: secrets['SyncAll']?.toLowerCase() === 'true',
  });
}

/** Back to the mappings of the job's template. */
export async function resetSchema(deps: UseCaseDeps, job: Job, actor: string): Promise<StoredSchema> {
  const current = await deps.jobs.schema(job.id);
  const { schema } = requireTemplate(deps, job.templateId);
  return save(deps, job, { ...schema, id: job.id, version: nextVersion(current) }, actor);
}

async function save(deps: UseCaseDeps, job: Job, schema: StoredSchema['schema'], actor: string): Promise<StoredSchema> {
  const before = await deps.jobs.schema(job.id);
  const stored = await deps.jobs.saveSchema(job.id, schema, actor);
  await deps.jobs.update(job.id, { watermark: null });
  const changes = schemaChanges(before.schema, schema).slice(0, MOST_AUDITED);
  await audit(deps, {
    actor,
    activity: 'Update attribute mappings or scope',
    jobId: job.id,
    servicePrincipalId: job.servicePrincipalId,
    before: { version: before.version, ...asRecord(changes, 'before') },
    after: { version: stored.version, ...asRecord(changes, 'after') },
  });
  return stored;
}

/** Differences that an entry of the audit log tells; the versions themselves are kept whole. */
const MOST_AUDITED = 100;
const asRecord = (changes: readonly SchemaChange[], side: 'before' | 'after'): JsonObject =>
  Object.fromEntries(changes.map((change) => [change.where, change[side]]));

/** Graph shows the version as an opaque string that changes with each save. */
export const nextVersion = ({ version }: StoredSchema): string => `${String(version + 1)}.0`;
