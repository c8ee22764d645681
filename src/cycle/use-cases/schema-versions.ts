// Every version of a job's schema is kept: which there are, what they differ in, and how to go back to one.
import type { Job, SchemaVersion, StoredSchema } from '../../rules/model/job.ts';
import { schemaChanges } from '../../rules/schema/diff-schema.ts';
import type { SchemaChange } from '../../rules/schema/diff-schema.ts';
import { writeSchema } from '../../rules/schema/write-schema.ts';
import type { UseCaseDeps } from './deps.ts';
import { notFound } from './not-found.ts';
import { checkSchema, putSchema } from './schema.ts';
import type { PutSchemaResult } from './schema.ts';
import type { SchemaFinding } from '../../rules/model/schema.ts';

/** Newest first; the first one is in force. */
export const schemaVersions = (deps: UseCaseDeps, job: Job): Promise<readonly SchemaVersion[]> =>
  deps.jobs.schemaVersions(job.id);

/** Throws ConfigError when it does not exist. */
export async function schemaVersion(deps: UseCaseDeps, job: Job, version: number): Promise<StoredSchema> {
  const versions = await deps.jobs.schemaVersions(job.id);
  if (versions.some((each) => each.version === version)) return deps.jobs.schemaVersion(job.id, version);
  throw notFound(
    'Schema version',
    String(version),
    `The job has the versions 1 to ${String(versions[0]?.version ?? 0)}.`,
  );
}

export async function versionChanges(
  deps: UseCaseDeps,
  job: Job,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly SchemaChange[]> {
  const [before, after] = [await schemaVersion(deps, job, from), await schemaVersion(deps, job, to)];
  return schemaChanges(before.schema, after.schema);
}

/** Saves an earlier version as the newest one. It is checked again: the rules for saving may be stricter now. */
export async function rollBackSchema(
  deps: UseCaseDeps,
  job: Job,
  version: number,
  actor: string,
): Promise<PutSchemaResult> {
  const { schema } = await schemaVersion(deps, job, version);
  return putSchema(deps, job, writeSchema(schema), actor);
}

export interface SchemaTrial {
  /** Errors refuse the document; warnings do not. */
  readonly findings: readonly SchemaFinding[];
  /** Against the schema in force; none when the document is refused. */
  readonly changes: readonly SchemaChange[];
}
/** What saving the document would find and change; nothing is saved. */
export async function trySchema(deps: UseCaseDeps, job: Job, document: unknown): Promise<SchemaTrial> {
  const read = await checkSchema(deps, job, document);
  if (!read.ok) return { findings: read.findings, changes: [] };
  const { schema } = await deps.jobs.schema(job.id);
  return { findings: read.warnings, changes: schemaChanges(schema, read.schema) };
}
