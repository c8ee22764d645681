// Counters of a cycle: added in one statement, so that pages that end together lose nothing.
import type { CycleCounts } from '../../rules/model/job.ts';
import { json } from '../database.ts';
import type { Tx } from '../database.ts';

export async function addToCounts(tx: Tx, cycleId: string, counts: Partial<CycleCounts>): Promise<void> {
  await tx.$executeRaw`
    UPDATE cycle c SET counts = c.counts || (
      SELECT coalesce(jsonb_object_agg(key, coalesce((c.counts ->> key)::bigint, 0) + value::bigint), '{}')
      FROM jsonb_each_text(${json(counts)}::jsonb))
    WHERE c.id = ${cycleId}`;
}
