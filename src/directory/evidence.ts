// After a full round: what the directory says of each object and group that the round did not mention.
// Not mentioned is a suspicion; only a 404 of that very id, or its place among the deleted items, is evidence (invariant 1).
import type { DeltaResource, MirrorTombstone } from '../rules/model/mirror.ts';
import { batchGet } from './batch.ts';
import type { Found } from './batch.ts';
import type { GraphSession } from './client.ts';
import { incomplete } from './errors.ts';
import type { DirectoryLog } from './log.ts';
import type { MirrorWriter } from './mirror-writer.ts';
import { typeOf } from './page.ts';
import { isImplausible } from './plausible.ts';
import { textAt } from './shape.ts';

/** One refresh of one tenant. */
export interface Run {
  readonly tenantId: string;
  readonly session: GraphSession;
  readonly mirror: MirrorWriter;
  readonly log: DirectoryLog;
}

export const suspectsAtOnce = 200;

/**
 * Settles every suspect of the full round, or throws SystemError and leaves the rest as suspects. Nothing is buried before
 * all were asked for: only then it shows how many there are.
 */
export async function settleObjects(run: Run, resource: DeltaResource, generation: number): Promise<void> {
  const { mirror, tenantId, session } = run;
  const { live } = await mirror.census(tenantId, resource, generation);
  const nextSuspects = (after: string) => mirror.unseenObjects(tenantId, resource, generation, after, suspectsAtOnce);
  const gone: MirrorTombstone[] = [];
  await inPages(nextSuspects, async (ids) => {
    const { alive, tombstones } = await evidenceOf(session, resource, ids);
    await mirror.settleObjects(tenantId, resource, generation, { alive, tombstones: [] });
    for (const tombstone of tombstones) gone.push(tombstone);
    run.log.info(
      { resource, alive: alive.length, deleted: tombstones.length },
      'looked up objects that the full read did not mention',
    );
  });
  if (isImplausible(gone.length, live)) await askAgain(run, resource, gone, live);
  for (let at = 0; at < gone.length; at += suspectsAtOnce) {
    const tombstones = gone.slice(at, at + suspectsAtOnce);
    await mirror.settleObjects(tenantId, resource, generation, { alive: [], tombstones });
  }
}

/** Throws SystemError when the directory does not say the same twice. */
async function askAgain(
  run: Run,
  resource: DeltaResource,
  gone: readonly MirrorTombstone[],
  of: number,
): Promise<void> {
  const what = `${String(gone.length)} of ${String(of)} ${resource}`;
  run.log.warn({ resource, gone: gone.length, of }, 'a large part of the directory is gone; it is asked again');
  const { alive, tombstones } = await evidenceOf(
    run.session,
    resource,
    gone.map(({ id }) => id),
  );
  const before = new Map(gone.map(({ id, presence }) => [id, presence]));
  const changed = tombstones.filter(({ id, presence }) => before.get(id) !== presence).map(({ id }) => id);
  const [example] = [...alive, ...changed];
  if (example === undefined) return;
  throw incomplete(
    `Microsoft Graph said that ${what} do not exist, and said otherwise when it was asked again (${example} for one)`,
  );
}

/** Walks ids in their order; what `work` settles may leave the list, so the last id is the only cursor. */
export async function inPages(
  next: (after: string) => Promise<readonly string[]>,
  work: (ids: readonly string[]) => Promise<void>,
): Promise<void> {
  for (let after = ''; ;) {
    const ids = await next(after);
    const last = ids.at(-1);
    if (last === undefined) return;
    await work(ids);
    after = last;
  }
}

interface Evidence {
  readonly tombstones: readonly MirrorTombstone[];
  readonly alive: readonly string[];
}

export async function evidenceOf(
  session: GraphSession,
  resource: DeltaResource,
  ids: readonly string[],
): Promise<Evidence> {
  const live = await lookUp(session, ids, (id) => `/${resource}/${id}?$select=id`);
  const gone = ids.filter((id) => !live.has(id));
  const deleted = await lookUp(session, gone, (id) => `/directory/deletedItems/${id}?$select=id`);
  const type = typeOf[resource];
  return {
    alive: ids.filter((id) => live.has(id)),
    tombstones: gone.map((id) => ({ id, type, presence: deleted.has(id) ? 'soft-deleted' : 'hard-deleted' })),
  };
}

/** The ids that exist at their path. */
async function lookUp(
  session: GraphSession,
  ids: readonly string[],
  pathOf: (id: string) => string,
): Promise<ReadonlySet<string>> {
  const answers = await batchGet(
    session,
    ids.map((id) => pathOf(encodeURIComponent(id))),
  );
  return new Set(ids.filter((id, i) => exists(id, answers[i])));
}

function exists(id: string, answer: Found | undefined): boolean {
  if (answer === undefined) throw incomplete(`A batch did not answer for ${id}`);
  if (!answer.found) return false;
  const answered = textAt(answer.body, 'id');
  if (answered?.toLowerCase() === id.toLowerCase()) return true;
  throw incomplete(`Microsoft Graph was asked for ${id} and answered with ${String(answered)}`);
}
