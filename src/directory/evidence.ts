// After a full round: what the directory says of each object and group that the round did not mention.
// Not mentioned is a suspicion; only a 404 of that very id, or its place among the deleted items, is evidence (invariant 1).
import type { DeltaResource, MirrorTombstone } from '../rules/model/mirror.ts';
import { batchGet } from './batch.ts';
import type { Found } from './batch.ts';
import type { GraphSession } from './client.ts';
import { incomplete } from './errors.ts';
import { readToEnd } from './listing.ts';
import type { DirectoryLog } from './log.ts';
import type { MirrorWriter } from './mirror-writer.ts';
import { readMembers, typeOf } from './page.ts';
import { textAt } from './shape.ts';

/** One refresh of one tenant. */
export interface Run {
  readonly tenantId: string;
  readonly session: GraphSession;
  readonly mirror: MirrorWriter;
  readonly log: DirectoryLog;
}

const suspectsAtOnce = 200;

/** Settles every suspect of the full round, or throws SystemError and leaves the rest as suspects. */
export async function settleFullRound(run: Run, resource: DeltaResource, generation: number): Promise<void> {
  const nextSuspects = (after: string) =>
    run.mirror.unseenObjects(run.tenantId, resource, generation, after, suspectsAtOnce);
  await inPages(nextSuspects, async (ids) => {
    const found = await evidenceOf(run.session, resource, ids);
    await run.mirror.settleObjects(run.tenantId, resource, generation, found);
    const { alive, tombstones } = found;
    run.log.info(
      { resource, alive: alive.length, deleted: tombstones.length },
      'looked up objects that the full read did not mention',
    );
  });
  if (resource === 'users') return;
  const nextGroups = (after: string) =>
    run.mirror.groupsWithUnseenMembers(run.tenantId, generation, after, suspectsAtOnce);
  await inPages(nextGroups, async (ids) => {
    for (const id of ids) await listMembersAgain(run, id, generation);
  });
}

/** Walks ids in their order; what `work` settles may leave the list, so the last id is the only cursor. */
async function inPages(
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

async function listMembersAgain(run: Run, groupId: string, generation: number): Promise<void> {
  const listed = await readToEnd(run.session, `/groups/${encodeURIComponent(groupId)}/members?$select=id&$top=999`);
  if (listed === null) {
    run.log.warn({ groupId }, 'a group vanished before its members could be listed; its memberships stay as they are');
    return;
  }
  await run.mirror.replaceMembers(run.tenantId, groupId, generation, readMembers(listed));
}
