// Values that SelectUniqueValue chose, reserved until it is known what became of the creation: pages and processes that
// choose at the same time never get the same one.
import type { Page } from '../../rules/model/job.ts';
import type { UniqueClaim } from '../../rules/model/records.ts';
import { json } from '../database.ts';
import type { Tx } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { isAlive } from './reference-writers.ts';

/**
 * Answers the claims that were granted. A reservation holds while its page may still run, and as long as an
 * intent says that its account may have been made; any other was left behind and is taken over.
 */
export async function reserveValues(
  tx: Tx,
  page: Page,
  jobId: string,
  claims: readonly UniqueClaim[],
): Promise<readonly UniqueClaim[]> {
  if (claims.length === 0) return [];
  return tx.$queryRaw<UniqueClaim[]>`
    INSERT INTO unique_value AS u (job_id, path, value, source_id, page_id)
    SELECT DISTINCT ON (r.path, r.value) ${jobId}, r.path, r.value, r."sourceId", ${page.id}
    FROM jsonb_to_recordset(${json(claims)}::jsonb) AS r(path text, value text, "sourceId" text)
    ORDER BY r.path, r.value, r."sourceId"
    ON CONFLICT (job_id, path, value) DO UPDATE SET source_id = excluded.source_id, page_id = excluded.page_id
    WHERE u.source_id = excluded.source_id
       OR (NOT ${isAlive(Prisma.sql`u.page_id`)}
           AND NOT EXISTS (SELECT 1 FROM intent i WHERE i.job_id = u.job_id AND i.source_id = u.source_id))
    RETURNING path, value, source_id AS "sourceId"`;
}
