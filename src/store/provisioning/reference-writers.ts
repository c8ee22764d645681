// One writer per owner of references, over all pages, workers and runs (invariant 5): the row is the lock, and its token
// fences off an older run of the same page that was taken for dead and is not.
import type { Page } from '../../rules/model/job.ts';
import { Prisma } from '../generated/client.ts';
import { isHeld } from '../cycles/page-records.ts';
import type { Tx } from '../database.ts';

/**
 * Answers the owners that this run may write. Rows of this very page are of an earlier run of it, rows of a page that was
 * recorded, or whose cycle has ended, hold nothing: both are taken over. An owner that another page writes as an object is not given.
 */
export async function takeReferences(
  tx: Tx,
  page: Page,
  jobId: string,
  ownerIds: readonly string[],
  token: string,
): Promise<ReadonlySet<string>> {
  if (ownerIds.length === 0) return new Set();
  const rows = await tx.$queryRaw<{ owner_id: string }[]>`
    INSERT INTO reference_writer AS w (job_id, owner_id, page_id, token)
    SELECT ${jobId}, owner, ${page.id}, ${token} FROM unnest(${[...ownerIds]}::text[]) AS owner
    WHERE ${isHeld(page)}
      AND NOT EXISTS (SELECT 1 FROM intent i WHERE i.job_id = ${jobId} AND i.source_id = owner
                      AND i.page_id <> ${page.id} AND ${isAlive(Prisma.sql`i.page_id`)})
    ORDER BY owner
    ON CONFLICT (job_id, owner_id) DO UPDATE SET page_id = excluded.page_id, token = excluded.token
    WHERE w.page_id = excluded.page_id OR NOT ${isAlive(Prisma.sql`w.page_id`)}
    RETURNING owner_id`;
  return new Set(rows.map((row) => row.owner_id));
}

/** Whether a page may still be worked at, or something that it sent may still be under way. */
export const isAlive = (pageId: Prisma.Sql): Prisma.Sql => Prisma.sql`
  EXISTS (SELECT 1 FROM page p JOIN cycle c ON c.id = p.cycle_id
          WHERE p.id = ${pageId} AND NOT p.done AND (c.ended_at IS NULL OR p.held_until > now()))`;

/** Whether the run still holds the owner. Nobody takes it over before the transaction has ended. */
export async function holdsReferences(tx: Tx, jobId: string, ownerId: string, token: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM reference_writer
    WHERE job_id = ${jobId} AND owner_id = ${ownerId} AND token = ${token} FOR SHARE`;
  return rows.length > 0;
}

export async function releaseReferences(tx: Tx, pageId: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM reference_writer WHERE page_id = ${pageId}`;
}
