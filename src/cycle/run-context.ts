// What every page of one cycle shares: job, compiled schema, scope setting and target. Read once per cycle and process.
import { SystemError } from '../rules/model/errors.ts';
import type { Cycle, Job, ScopeSetting } from '../rules/model/job.ts';
import type { MirrorServicePrincipal } from '../rules/model/mirror.ts';
import type { Dialect, DialectKnobs, TargetConnection } from '../rules/model/target.ts';
import { compileSchema } from '../rules/mapping/compile.ts';
import type { CompiledSchema } from '../rules/mapping/compile.ts';
import type { NamedGroups } from '../rules/model/records.ts';
import type { SynchronizationSchema } from '../rules/model/schema.ts';
import { namedGroups } from '../rules/scoping/scope-reads.ts';
import { jobSetting } from '../rules/model/job-settings.ts';
import { discoverTarget, keepFinding, spokenBy } from './job-dialect.ts';
import type { Deps, TargetSession } from './ports.ts';
import { connectionOf } from './target-connection.ts';

export interface RunContext {
  readonly job: Job;
  readonly cycle: Cycle;
  readonly schema: CompiledSchema;
  /** Groups that its filters name. */
  readonly namedGroups: NamedGroups;
  readonly scope: ScopeSetting;
  readonly skipOutOfScopeDeletions: boolean;
  readonly servicePrincipal: MirrorServicePrincipal;
  readonly connection: TargetConnection;
  readonly dialect: Dialect;
  /** Forms that were seen to take effect. */
  readonly proven: readonly string[];
  /** Target path of the first matching attribute of users: what the connection test asks for. */
  readonly matchingPath: string;
  readonly gone: GoneAccounts;
  /** Whether the target was asked about itself in this cycle, by this process. */
  readonly described: { already: boolean };
}
/** What becomes of linked accounts that the target says are gone. */
export interface GoneAccounts {
  readonly recreate: boolean;
  /** So many may be made anew in a cycle; `null` = any number. */
  readonly most: number | null;
}

/** Throws SystemError CredentialsMissing when no tenant URL is saved. */
export async function runContext(deps: Deps, cycle: Cycle): Promise<RunContext> {
  const job = await deps.jobs.get(cycle.jobId);
  if (job === null) throw new Error(`job ${cycle.jobId} of cycle ${cycle.id} does not exist`);
  const [stored, secrets, known] = await Promise.all([
    deps.jobs.schemaVersion(job.id, cycle.schemaVersion),
    deps.secrets.get(job.servicePrincipalId),
    deps.provisioning.servicePrincipal(job.tenantId, job.servicePrincipalId),
  ]);
  const schema = await readableSchema(deps, job, stored.schema);
  const connection = connectionFrom(job, secrets);
  return {
    job,
    cycle,
    schema,
    namedGroups: namedGroups(schema),
    scope: isTrue(secrets['SyncAll']) ? 'all' : 'assigned',
    skipOutOfScopeDeletions: isTrue(secrets['SkipOutOfScopeDeletions']),
    servicePrincipal: known ?? {
      id: job.servicePrincipalId,
      appId: '',
      displayName: job.servicePrincipalId,
      appRoles: [],
    },
    connection,
    ...spokenBy(job, connection),
    matchingPath: schema.rules[0]?.matching[0]?.targetPath ?? 'userName',
    gone: goneAccounts(job),
    described: { already: cycle.type === 'initial' },
  };
}

/** Compiled, with the names of the groups that its filters give ids of. */
async function readableSchema(deps: Deps, { tenantId }: Job, schema: SynchronizationSchema): Promise<CompiledSchema> {
  const compiled = compileSchema(schema);
  const { direct, transitive } = namedGroups(compiled);
  if (direct.length + transitive.length === 0) return compiled;
  return compileSchema(schema, await deps.provisioning.groupNames(tenantId, [...direct, ...transitive]));
}

const goneAccounts = ({ settings }: Job): GoneAccounts => ({
  recreate: jobSetting(settings, 'InvalidAnchorAction') === 'Recreate',
  most: jobSetting(settings, 'InvalidAnchorMost'),
});

/** `mayWrite` is asked before each request that writes. */
export function openTarget(deps: Deps, context: RunContext, mayWrite?: () => Promise<boolean>): TargetSession {
  const { connection, dialect, proven, servicePrincipal, job, schema } = context;
  const shows = !schema.rules.some(({ mappings }) => mappings.some(({ redacted }) => redacted));
  return deps.targets.open(connection, dialect, {
    roles: servicePrincipal.appRoles,
    proven,
    learn: (finding) => keepFinding(deps, job, shows ? finding : { ...finding, why: HIDDEN }),
    misunderstood: () => describedAgain(deps, context),
    ...(mayWrite === undefined ? {} : { mayWrite }),
  });
}

/** A refusal may repeat what nobody may see. */
const HIDDEN = 'the application did not understand; its answer is not shown, because mappings of the job are redacted';

/** A target that does not understand is asked about itself once in a cycle. */
async function describedAgain(deps: Deps, { described, job, connection }: RunContext): Promise<DialectKnobs> {
  if (described.already) return {};
  described.already = true;
  const present = (await deps.jobs.get(job.id)) ?? job;
  return (await discoverTarget(deps, [present], connection)).hints;
}

function connectionFrom(job: Job, secrets: Readonly<Record<string, string>>): TargetConnection {
  const connection = connectionOf(secrets);
  if (connection !== null) return connection;
  throw new SystemError(
    'CredentialsMissing',
    `Job ${job.id} has no tenant URL: save the secrets BaseAddress and SecretToken, then start it again.`,
  );
}

const isTrue = (value: string | undefined): boolean => value?.toLowerCase() === 'true';

/**
 * Keeps the contexts of the cycles that this process works at: a cycle's schema and credentials do not change under it, unless
 * it was paused meanwhile.
 */
export function contextCache(deps: Deps, size = 8): (cycle: Cycle) => Promise<RunContext> {
  const contexts = new Map<string, Promise<RunContext>>();
  return async (cycle) => {
    const key = `${cycle.id} ${String(cycle.resumed)}`;
    const kept = contexts.get(key) ?? runContext(deps, cycle);
    contexts.delete(key);
    contexts.set(key, kept);
    for (const oldest of contexts.keys()) if (contexts.size > size) contexts.delete(oldest);
    return kept.catch((error: unknown) => {
      contexts.delete(key);
      throw error;
    });
  };
}
