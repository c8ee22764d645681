// Who is a member of a group: its list, and where that leaves many out, the other side, the groups of a user.
import type { MirrorMember } from '../rules/model/mirror.ts';
import type { GraphSession } from './client.ts';
import { incomplete } from './errors.ts';
import { inPages, suspectsAtOnce } from './evidence.ts';
import type { Run } from './evidence.ts';
import { readToEnd } from './listing.ts';
import { readMembers } from './page.ts';
import { isImplausible } from './plausible.ts';
import { textAt } from './shape.ts';

/** Groups with members that the full round did not mention. Throws SystemError where a list cannot be believed. */
export async function settleMembers(run: Run, generation: number): Promise<void> {
  const next = (after: string) => run.mirror.groupsWithUnseenMembers(run.tenantId, generation, after, suspectsAtOnce);
  await inPages(next, async (ids) => {
    for (const id of ids) await listMembersAgain(run, id, generation);
  });
}

async function listMembersAgain(run: Run, groupId: string, generation: number): Promise<void> {
  const listed = await readToEnd(run.session, `/groups/${encodeURIComponent(groupId)}/members?$select=id&$top=999`);
  if (listed === null) {
    run.log.warn({ groupId }, 'a group vanished before its members could be listed; its memberships stay as they are');
    return;
  }
  const missing = await run.mirror.saveMembers(run.tenantId, groupId, generation, readMembers(listed));
  if (isImplausible(missing.length, missing.length + listed.length)) await askMembers(run, groupId, missing);
  await run.mirror.dropMembers(
    run.tenantId,
    groupId,
    generation,
    missing.map(({ memberId }) => memberId),
  );
}

const WITNESSES = 20;

/** Users know their groups from the other side. Throws SystemError when one of those that were left out is a member still. */
async function askMembers(run: Run, groupId: string, missing: readonly MirrorMember[]): Promise<void> {
  const users = missing.filter(({ memberType }) => memberType === 'User');
  const every = Math.ceil(users.length / WITNESSES);
  for (const { memberId } of users.filter((_, at) => at % every === 0)) {
    const groups = await readGroupIds(run.session, memberId);
    if (groups?.includes(groupId) !== true) continue;
    throw incomplete(
      `Microsoft Graph left ${String(missing.length)} members out of its list of group ${groupId}, and one of them, user ${memberId}, is a member still`,
    );
  }
}

/** The groups that a user is a direct member of; `null` when the directory says that he does not exist. */
export async function readGroupIds(session: GraphSession, userId: string): Promise<readonly string[] | null> {
  const path = `/users/${encodeURIComponent(userId)}/memberOf/microsoft.graph.group?$select=id&$top=999`;
  const listed = await readToEnd(session, path);
  return listed === null ? null : listed.flatMap((group) => textAt(group, 'id') ?? []);
}
