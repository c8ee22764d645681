// Writes what became of references: the manager as it now stands in the target, and who still waits for whom. Members are
// written batch by batch before.
import type { ReferenceOutcome } from '../../rules/model/decisions.ts';
import { mayHaveHadEffect } from '../../rules/model/errors.ts';
import { MEMBERS } from '../../rules/model/records.ts';
import { json } from '../database.ts';
import type { Tx } from '../database.ts';
import type { PageScope } from './record-links.ts';

export async function recordReferences(
  tx: Tx,
  scope: PageScope,
  references: readonly ReferenceOutcome[],
): Promise<void> {
  const managers = references.filter(({ attribute }) => attribute !== MEMBERS);
  if (managers.length === 0) return;
  await setManagers(tx, scope, managers);
  await doubtLost(tx, scope, managers);
  await notePending(tx, scope, managers);
}

/** The manager of a user stands in `known` under its paths; a removed one is taken out. */
async function setManagers(tx: Tx, { jobId }: PageScope, references: readonly ReferenceOutcome[]): Promise<void> {
  const rows = references
    .filter(({ added, removed }) => added.count + removed.count > 0)
    .map(({ ownerId, attribute, added }) => ({ owner: ownerId, path: attribute, manager: added.first[0] ?? null }));
  if (rows.length === 0) return;
  await tx.$executeRaw`
    UPDATE link l
    SET known = (l.known - r.gone) || r.stands
    FROM (SELECT c.owner, coalesce(array_agg(c.path) FILTER (WHERE c.manager IS NULL), '{}') AS gone,
                 coalesce(jsonb_object_agg(c.path, m.target_id) FILTER (WHERE c.manager IS NOT NULL), '{}') AS stands
          FROM jsonb_to_recordset(${json(rows)}::jsonb) AS c(owner text, path text, manager text)
          LEFT JOIN link m ON m.job_id = ${jobId} AND m.source_id = c.manager
          GROUP BY c.owner) r
    WHERE l.job_id = ${jobId} AND l.source_id = r.owner`;
}

/** After an answer that was lost the manager is written whoever he is: the empty text is no id of an account. */
async function doubtLost(tx: Tx, { jobId }: PageScope, references: readonly ReferenceOutcome[]): Promise<void> {
  const rows = references
    .filter(({ error }) => error !== null && mayHaveHadEffect(error))
    .map(({ ownerId, attribute }) => ({ owner: ownerId, path: attribute }));
  if (rows.length === 0) return;
  await tx.$executeRaw`
    UPDATE link l
    SET known = l.known || r.doubted
    FROM (SELECT c.owner, jsonb_object_agg(c.path, '') AS doubted
          FROM jsonb_to_recordset(${json(rows)}::jsonb) AS c(owner text, path text) GROUP BY c.owner) r
    WHERE l.job_id = ${jobId} AND l.source_id = r.owner`;
}

/** What waits is what the outcome says, for this owner and attribute. */
async function notePending(tx: Tx, { jobId }: PageScope, references: readonly ReferenceOutcome[]): Promise<void> {
  const rows = references.map(({ ownerId, attribute, pending }) => ({
    owner: ownerId,
    attribute,
    pending: pending.first,
  }));
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
 * without an outcome has no references to write any more, so nothing waits for it; one that is unfinished is due again.
 */
export async function settleOwners(
  tx: Tx,
  { jobId }: PageScope,
  ownerIds: readonly string[],
  references: readonly ReferenceOutcome[],
): Promise<void> {
  const told = new Set(references.map(({ ownerId }) => ownerId));
  const untold = ownerIds.filter((id) => !told.has(id));
  const unfinished = references.filter((reference) => reference.unfinished).map(({ ownerId }) => ownerId);
  await tx.$executeRaw`
    UPDATE link SET references_due = source_id = ANY(${unfinished}::text[])
    WHERE job_id = ${jobId} AND source_id = ANY(${[...ownerIds]}::text[])
      AND references_due <> (source_id = ANY(${unfinished}::text[]))`;
  await tx.$executeRaw`DELETE FROM pending_reference WHERE job_id = ${jobId} AND owner_id = ANY(${untold}::text[])`;
}
