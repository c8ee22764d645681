// Writes what became of references: members as they now stand in the target, the manager, and who still waits for whom.
import type { ReferenceOutcome } from '../../rules/model/decisions.ts';
import { mayHaveHadEffect } from '../../rules/model/errors.ts';
import { json } from '../database.ts';
import type { Tx } from '../database.ts';
import type { PageScope } from './record-links.ts';

export async function recordReferences(
  tx: Tx,
  scope: PageScope,
  references: readonly ReferenceOutcome[],
): Promise<void> {
  if (references.length === 0) return;
  const added = references.flatMap(({ ownerId, added: ids }) => ids.map((member) => ({ owner: ownerId, member })));
  const removed = references.flatMap(({ ownerId, removed: ids }) => ids.map((member) => ({ owner: ownerId, member })));
  if (removed.length > 0) await removeMembers(tx, scope, removed);
  if (added.length > 0) await addMembers(tx, scope, added);
  await setManagers(tx, scope, references);
  await doubtLost(tx, scope, references);
  await notePending(tx, scope, references);
}

interface Pair {
  readonly owner: string;
  readonly member: string;
}

async function removeMembers(tx: Tx, { jobId }: PageScope, pairs: readonly Pair[]): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM link_member w
    USING jsonb_to_recordset(${json(pairs)}::jsonb) AS r(owner text, member text)
    WHERE w.job_id = ${jobId} AND w.group_id = r.owner AND w.member_id = r.member`;
}

async function addMembers(tx: Tx, { jobId }: PageScope, pairs: readonly Pair[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO link_member (job_id, group_id, member_id, target_id)
    SELECT DISTINCT ${jobId}, r.owner, r.member, member.target_id
    FROM jsonb_to_recordset(${json(pairs)}::jsonb) AS r(owner text, member text)
    JOIN link owner ON owner.job_id = ${jobId} AND owner.source_id = r.owner AND owner.type = 'Group'
    JOIN link member ON member.job_id = ${jobId} AND member.source_id = r.member
    ON CONFLICT (job_id, group_id, member_id) DO UPDATE SET target_id = excluded.target_id`;
}

/** The manager of a user stands in `known` under its path; a removed one is taken out. */
async function setManagers(tx: Tx, { jobId }: PageScope, references: readonly ReferenceOutcome[]): Promise<void> {
  const rows = references
    .filter(({ added, removed }) => added.length + removed.length > 0)
    .map(({ ownerId, attribute, added }) => ({ owner: ownerId, path: attribute, manager: added[0] ?? null }));
  if (rows.length === 0) return;
  await tx.$executeRaw`
    UPDATE link l
    SET known = CASE WHEN r.manager IS NULL THEN l.known - r.path
                     ELSE l.known || jsonb_build_object(r.path, m.target_id) END
    FROM jsonb_to_recordset(${json(rows)}::jsonb) AS r(owner text, path text, manager text)
    LEFT JOIN link m ON m.job_id = ${jobId} AND m.source_id = r.manager
    WHERE l.job_id = ${jobId} AND l.source_id = r.owner AND l.type = 'User'`;
}

/**
 * After an answer that was lost nobody knows what stands in the target: the members are read before anything is added or
 * removed, and the manager is written whoever he is (the empty text is no id of an account).
 */
async function doubtLost(tx: Tx, { jobId }: PageScope, references: readonly ReferenceOutcome[]): Promise<void> {
  const rows = references
    .filter(({ error }) => error !== null && mayHaveHadEffect(error))
    .map(({ ownerId, attribute }) => ({ owner: ownerId, path: attribute }));
  if (rows.length === 0) return;
  await tx.$executeRaw`
    UPDATE link l
    SET members_read = l.members_read AND l.type <> 'Group',
        known = CASE WHEN l.type = 'User' THEN l.known || jsonb_build_object(r.path, '') ELSE l.known END
    FROM jsonb_to_recordset(${json(rows)}::jsonb) AS r(owner text, path text)
    WHERE l.job_id = ${jobId} AND l.source_id = r.owner`;
}

/** What waits is what the outcome says, for this owner and attribute. */
async function notePending(tx: Tx, { jobId }: PageScope, references: readonly ReferenceOutcome[]): Promise<void> {
  const rows = references.map(({ ownerId, attribute, pending }) => ({ owner: ownerId, attribute, pending }));
  await tx.$executeRaw`
    DELETE FROM pending_reference p
    USING jsonb_to_recordset(${json(rows)}::jsonb) AS r(owner text, attribute text, pending jsonb)
    WHERE p.job_id = ${jobId} AND p.owner_id = r.owner AND p.attribute = r.attribute
      AND NOT r.pending ? p.referenced_id`;
  await tx.$executeRaw`
    INSERT INTO pending_reference (job_id, owner_id, attribute, referenced_id)
    SELECT DISTINCT ${jobId}, r.owner, r.attribute, referenced
    FROM jsonb_to_recordset(${json(rows)}::jsonb) AS r(owner text, attribute text, pending jsonb)
    CROSS JOIN jsonb_array_elements_text(r.pending) AS referenced
    ON CONFLICT (job_id, owner_id, attribute, referenced_id) DO NOTHING`;
}

/**
 * The owners of a page of references have been looked at: what failed is in escrow, what waits is pending. An owner
 * without an outcome has no references to write any more, so nothing waits for it.
 */
export async function settleOwners(
  tx: Tx,
  { jobId }: PageScope,
  ownerIds: readonly string[],
  references: readonly ReferenceOutcome[],
): Promise<void> {
  const told = new Set(references.map(({ ownerId }) => ownerId));
  const untold = ownerIds.filter((id) => !told.has(id));
  await tx.$executeRaw`
    UPDATE link SET references_due = false
    WHERE job_id = ${jobId} AND source_id = ANY(${[...ownerIds]}::text[]) AND references_due`;
  await tx.$executeRaw`DELETE FROM pending_reference WHERE job_id = ${jobId} AND owner_id = ANY(${untold}::text[])`;
}
