// Graph's directoryDefinition: discover. The application's own schemas add attributes to the target directory of a job's schema.
import { ConfigError } from '../../rules/model/errors.ts';
import type { Job } from '../../rules/model/job.ts';
import type { DirectoryDefinition, SynchronizationSchema } from '../../rules/model/schema.ts';
import type { SelfDescription } from '../../rules/model/target.ts';
import { discoverDirectory } from '../../rules/schema/discover-directory.ts';
import { spokenBy } from '../job-dialect.ts';
import { connectionOf } from '../target-connection.ts';
import { audit } from './audit.ts';
import type { UseCaseDeps } from './deps.ts';
import { notFound } from './not-found.ts';
import { nextVersion } from './schema.ts';

/**
 * Saves the schema as a new version; nothing that is mapped changes, so the job goes on from where it stands. Throws
 * ConfigError, or SystemError when the application cannot be reached; then nothing was changed.
 */
export async function discoverDirectoryOf(
  deps: UseCaseDeps,
  job: Job,
  directoryId: string,
  actor: string,
): Promise<DirectoryDefinition> {
  requireTarget((await deps.jobs.schema(job.id)).schema, directoryId);
  const description = await describe(deps, job);
  // Asking takes time: what was saved meanwhile counts.
  const stored = await deps.jobs.schema(job.id);
  const version = nextVersion(stored);
  const before = requireTarget(stored.schema, directoryId);
  const at = deps.clock.now().toISOString();
  const { directory, added } = discoverDirectory(before, description, { at, version });
  const directories = stored.schema.directories.map((one) => (one === before ? directory : one));
  await deps.jobs.saveSchema(job.id, { ...stored.schema, version, directories }, actor);
  await audit(deps, {
    actor,
    activity: 'Discover directory schema',
    jobId: job.id,
    servicePrincipalId: job.servicePrincipalId,
    before: { version: stored.version },
    after: { version: stored.version + 1, added },
  });
  return directory;
}

/** By id; names are unique in a schema, and people know them better. Throws ConfigError. */
export function directoryNamed({ directories }: SynchronizationSchema, wanted: string): DirectoryDefinition {
  const found = directories.find(({ id }) => id === wanted) ?? directories.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const known = directories.map(({ id }) => `'${id}'`).join(', ');
  throw notFound('Directory', wanted, `The schema has the directories ${known}.`);
}

function requireTarget(schema: SynchronizationSchema, wanted: string): DirectoryDefinition {
  const directory = directoryNamed(schema, wanted);
  const targets = schema.synchronizationRules.map(({ targetDirectoryName }) => targetDirectoryName);
  if (targets.includes(directory.name)) return directory;
  throw new ConfigError(
    'DirectoryNotDiscoverable',
    `Directory '${directory.name}' is no target of this schema: its attributes are known. Discover '${targets.join("' or '")}'.`,
    'directoryId',
  );
}

async function describe(deps: UseCaseDeps, job: Job): Promise<SelfDescription> {
  const connection = connectionOf(await deps.secrets.get(job.servicePrincipalId));
  if (connection === null)
    throw new ConfigError(
      'CredentialsMissing',
      `Job ${job.id} has no tenant URL: save its credentials with PUT …/synchronization/secrets first.`,
      'BaseAddress',
    );
  const description = await deps.targets.open(connection, spokenBy(job, connection).dialect).discover();
  if ((description.schemas ?? []).length > 0) return description;
  throw new ConfigError(
    'SchemaDiscoveryFailed',
    'The application shows no schemas at its /Schemas. Nothing was changed: add its attributes to the target directory by hand.',
  );
}
