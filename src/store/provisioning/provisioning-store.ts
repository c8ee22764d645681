// What a page of a cycle reads and writes. Fits ProvisioningStore of the cycle.
import type { Action } from '../../rules/model/decisions.ts';
import type { Job, Page } from '../../rules/model/job.ts';
import type { ObjectType } from '../../rules/model/source-object.ts';
import type { Database } from '../database.ts';
import { readServicePrincipal } from '../mirror/assignments.ts';
import { candidates } from './candidates.ts';
import { intend } from './intents.ts';
import { managerDiffs } from './manager-diffs.ts';
import { membershipDiffs, noteMembers } from './membership-diffs.ts';
import { recordPage } from './record-page.ts';
import type { PageRecord } from '../../rules/model/records.ts';

export type ProvisioningRecords = ReturnType<typeof provisioningStore>;

export function provisioningStore(database: Database) {
  const { prisma } = database;
  return {
    servicePrincipal: (tenantId: string, id: string) => readServicePrincipal(prisma, tenantId, id),
    candidates: (job: Job, ids: readonly string[]) => candidates(prisma, job, ids),
    async linkedTo(
      jobId: string,
      type: ObjectType,
      targetIds: readonly string[],
    ): Promise<ReadonlyMap<string, string>> {
      const where = { jobId, type, targetId: { in: [...targetIds] } };
      const rows = await prisma.link.findMany({ where, select: { targetId: true, sourceId: true } });
      return new Map(rows.map(({ targetId, sourceId }) => [targetId, sourceId]));
    },
    intend: (page: Page, jobId: string, actions: readonly Action[]) => intend(prisma, page, jobId, actions),
    membershipDiffs: (job: Job, groupIds: readonly string[]) => membershipDiffs(prisma, job, groupIds),
    managerDiffs: (job: Job, userIds: readonly string[], managerPath: string) =>
      managerDiffs(prisma, job, userIds, managerPath),
    noteMembers: (jobId: string, groupId: string, targetIds: readonly string[]) =>
      noteMembers(prisma, jobId, groupId, targetIds),
    recordPage: (record: PageRecord): Promise<void> => database.transaction((tx) => recordPage(tx, record)),
  };
}
