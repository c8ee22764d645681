// Intent before effect (invariant 6), and one writer per object (invariant 5): the row of an intent is both.
import type { Action, MatchQuery, Outcome } from '../../rules/model/decisions.ts';
import { mayHaveHadEffect } from '../../rules/model/errors.ts';
import type { Page } from '../../rules/model/job.ts';
import type { PageRecord } from '../../rules/model/records.ts';
import { isHeld } from '../cycles/page-records.ts';
import { json } from '../database.ts';
import type { Tx } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { isAlive } from './reference-writers.ts';

/** Source id → what an account that is being created for it will be found by. */
export type FoundBy = ReadonlyMap<string, readonly MatchQuery[]>;

/**
 * Answers the source ids that another page holds; all of them when the page itself is in other hands. Rows of this very
 * page are its own from before a crash; rows of a page that was recorded, or whose cycle has ended, hold nothing any more
 * and are taken over. An object whose references are being written is held as well.
 */
export async function intend(
  tx: Tx,
  page: Page,
  jobId: string,
  actions: readonly Action[],
  foundBy: FoundBy = new Map(),
): Promise<ReadonlySet<string>> {
  if (actions.length === 0) return new Set();
  const intents = actions.map(({ sourceId, kind }) => ({ sourceId, kind, foundBy: foundBy.get(sourceId) ?? [] }));
  const rows = await tx.$queryRaw<{ source_id: string }[]>`
    INSERT INTO intent AS i (job_id, source_id, page_id, action, found_by)
    SELECT ${jobId}, r."sourceId", ${page.id}, r.kind, r."foundBy"
    FROM jsonb_to_recordset(${json(intents)}::jsonb) AS r("sourceId" text, kind text, "foundBy" jsonb)
    WHERE ${isHeld(page)}
      AND NOT EXISTS (SELECT 1 FROM reference_writer w
                      WHERE w.job_id = ${jobId} AND w.owner_id = r."sourceId" AND ${isAlive(Prisma.sql`w.page_id`)})
    ORDER BY 2
    ON CONFLICT (job_id, source_id) DO UPDATE
    SET page_id = excluded.page_id, action = excluded.action, created_at = now(),
        found_by = (SELECT jsonb_agg(DISTINCT query) FROM jsonb_array_elements(
                      coalesce(i.found_by, '[]'::jsonb) || excluded.found_by) AS query)
    WHERE i.page_id = excluded.page_id
       OR NOT ${isAlive(Prisma.sql`i.page_id`)}
    RETURNING source_id`;
  const ours = new Set(rows.map((row) => row.source_id));
  return new Set(actions.map(({ sourceId }) => sourceId).filter((id) => !ours.has(id)));
}

/**
 * An intent ends when it is known what became of it. After an answer that was lost it stays, and the account is looked
 * up before anything is decided about it; so it does when a write to a linked account failed otherwise. Values that were
 * reserved for a new account end with its intent: the application holds them now, or nobody does.
 */
export async function settleIntents(
  tx: Tx,
  { page, jobId, outcomes, left }: Pick<PageRecord, 'page' | 'jobId' | 'outcomes' | 'left'>,
): Promise<void> {
  const idsOf = (chosen: readonly Outcome[]): string[] => chosen.map(({ action }) => action.sourceId);
  const settled = idsOf(outcomes.filter(isSettled));
  const open = [...idsOf(outcomes.filter((outcome) => !isSettled(outcome))), ...left];
  const which = [{ sourceId: { in: settled } }, { pageId: page.id, sourceId: { notIn: open } }];
  await tx.intent.deleteMany({ where: { jobId, OR: which } });
  await tx.uniqueValue.deleteMany({ where: { jobId, OR: which } });
}

function isSettled(outcome: Outcome): boolean {
  const { action } = outcome;
  if (outcome.kind === 'failed')
    return action.kind === 'create' && outcome.error.code !== 'EntryBusy' && !mayHaveHadEffect(outcome.error);
  return (
    outcome.kind === 'applied' ||
    (action.kind === 'skip' && (action.adopt !== null || action.forget || action.targetId === null))
  );
}
