// Links as administrators see and change them: which object has which account. No account is ever touched here (invariant 9).
import { ConfigError } from '../../rules/model/errors.ts';
import type { Job } from '../../rules/model/job.ts';
import type { Candidate, LinkQuery, LinkRecord, LinkRefusal } from '../../rules/model/records.ts';
import type { Link, TargetResource } from '../../rules/model/target.ts';
import { compileSchema, ruleFor } from '../../rules/mapping/compile.ts';
import type { ObjectRule } from '../../rules/mapping/compile.ts';
import { accountFrom } from '../../rules/planning/plan-object.ts';
import { sealOf } from '../../rules/planning/seal.ts';
import { spokenBy } from '../job-dialect.ts';
import { connectionOf } from '../target-connection.ts';
import { audit } from './audit.ts';
import { requireCredentials } from './cycles.ts';
import type { UseCaseDeps } from './deps.ts';
import { notFound } from './not-found.ts';

export interface LinkPage {
  readonly links: readonly LinkRecord[];
  /** Where the next page begins; `null` after the last one. */
  readonly next: string | null;
}

export async function listLinks(deps: UseCaseDeps, job: Job, query: LinkQuery): Promise<LinkPage> {
  const found = await deps.links.list(job.id, { ...query, limit: query.limit + 1 });
  const links = found.slice(0, query.limit);
  return { links, next: found.length > query.limit ? (links.at(-1)?.sourceId ?? null) : null };
}

/** Every link, read page by page. */
export async function* allLinks(
  deps: UseCaseDeps,
  job: Job,
  query: Omit<LinkQuery, 'limit'>,
): AsyncGenerator<LinkRecord> {
  for (let after = query.after; ;) {
    const { links, next } = await listLinks(deps, job, {
      ...query,
      limit: 1_000,
      ...(after === undefined ? {} : { after }),
    });
    yield* links;
    if (next === null) return;
    after = next;
  }
}

/**
 * Links an object of the directory with an account that exists; the next cycle brings it in step. Throws ConfigError when
 * either is not there or belongs to another one, and while a cycle runs; SystemError when the application is lost.
 */
export async function linkAccount(
  deps: UseCaseDeps,
  job: Job,
  { sourceId, targetId, actor }: { readonly sourceId: string; readonly targetId: string; readonly actor: string },
): Promise<Link> {
  await requireCredentials(deps, job);
  const [candidate] = await deps.provisioning.candidates(job, [sourceId], { direct: [], transitive: [] });
  if (candidate === undefined)
    throw notFound(
      'Object',
      sourceId,
      'Use the object id of a user or group that the directory has, as the last cycle read it.',
    );
  const rule = ruleFor(compileSchema((await deps.jobs.schema(job.id)).schema), candidate.object.type);
  if (rule === null)
    throw new ConfigError(
      'Request_BadRequest',
      `The schema of this job has no mapping for objects of type ${candidate.object.type}.`,
      'sourceId',
    );
  const link = linkOf(deps, job, { candidate, rule, account: await accountOf(deps, job, rule, targetId) });
  const refusal = await deps.links.link(link);
  if (refusal !== null) throw refused(refusal, { sourceId, targetId });
  await note(deps, job, actor, 'Link an account', { after: { sourceId, targetId } });
  return link;
}

async function accountOf(deps: UseCaseDeps, job: Job, rule: ObjectRule, targetId: string): Promise<TargetResource> {
  const connection = connectionOf(await deps.secrets.get(job.servicePrincipalId));
  if (connection === null) throw new Error('credentials were required before');
  const answer = await deps.targets
    .open(connection, spokenBy(job, connection).dialect)
    .get(rule.resourceType, targetId);
  if (answer.ok) return answer.value;
  throw notFound(
    rule.resourceType,
    targetId,
    `The application answered: ${answer.error.message} Use the id of an account that it has.`,
  );
}

function linkOf(
  deps: UseCaseDeps,
  job: Job,
  {
    candidate,
    rule,
    account,
  }: { readonly candidate: Candidate; readonly rule: ObjectRule; readonly account: TargetResource },
): Link {
  const { id, type, attributes } = candidate.object;
  const name = attributes['displayName'];
  return {
    jobId: job.id,
    sourceId: id,
    type,
    targetId: account.id,
    displayName: typeof name === 'string' ? name : id,
    known: accountFrom(rule, account.attributes, sealOf(id, deps.fingerprint)),
    state: 'active',
    createdAt: deps.clock.now(),
  };
}

/** Forgets the link; the account stays as it is. The next cycle matches the object anew. Throws ConfigError. */
export async function unlinkAccount(deps: UseCaseDeps, job: Job, sourceId: string, actor: string): Promise<void> {
  const removed = await deps.links.unlink(job.id, sourceId, deps.clock.now());
  if (removed === false)
    throw notFound('Link of object', sourceId, 'GET /api/jobs/{jobId}/links lists the links of the job.');
  if (removed !== true) throw refused(removed, { sourceId });
  await note(deps, job, actor, 'Unlink an account', { before: { sourceId } });
}

function refused(refusal: LinkRefusal, asked: { readonly sourceId: string; readonly targetId?: string }): ConfigError {
  if (refusal.kind === 'running')
    return new ConfigError(
      'CycleRunning',
      `Cycle ${refusal.cycleId} of this job runs and may be at object ${asked.sourceId}. Wait for its end, or pause the job, and try again.`,
      refusal.cycleId,
    );
  return new ConfigError(
    'DuplicateSourceEntries',
    `Object ${refusal.sourceId} is linked with account ${refusal.targetId} already. Unlink it first if that is wrong.`,
    refusal.sourceId === asked.sourceId ? 'sourceId' : 'targetId',
  );
}

const note = (
  deps: UseCaseDeps,
  job: Job,
  actor: string,
  activity: string,
  change: { readonly before?: Record<string, string>; readonly after?: Record<string, string> },
): Promise<void> =>
  audit(deps, { actor, activity, jobId: job.id, servicePrincipalId: job.servicePrincipalId, ...change });
