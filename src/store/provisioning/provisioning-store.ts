// What a page of a cycle reads and writes. Fits ProvisioningStore of the cycle.
import type { Action } from '../../rules/model/decisions.ts';
import type { Job, Page } from '../../rules/model/job.ts';
import type { ObjectType } from '../../rules/model/source-object.ts';
import type { Database } from '../database.ts';
import { readServicePrincipal } from '../mirror/assignments.ts';
import { candidates } from './candidates.ts';
import { groupNames } from './group-names.ts';
import { intend } from './intents.ts';
import type { FoundBy } from './intents.ts';
import { reserveValues } from './unique-values.ts';
import { managerDiffs } from './manager-diffs.ts';
import { awaitedMembers, countMemberChanges, memberChanges, memberGroups, settleMembers } from './membership-diffs.ts';
import { memberLosses } from './member-losses.ts';
import { markMembers, membersWereRead, noteMembers, recordMembers } from './record-members.ts';
import { recordPage } from './record-page.ts';
import { takeReferences } from './reference-writers.ts';
import type {
  MemberBatch,
  MemberRecord,
  MemberRetry,
  MemberSlice,
  NamedGroups,
  PageRecord,
  UniqueClaim,
} from '../../rules/model/records.ts';

const noGroups: NamedGroups = { direct: [], transitive: [] };

export type ProvisioningRecords = ReturnType<typeof provisioningStore>;

export function provisioningStore(database: Database) {
  const { prisma } = database;
  return {
    servicePrincipal: (tenantId: string, id: string) => readServicePrincipal(prisma, tenantId, id),
    candidates: (job: Job, ids: readonly string[], groups: NamedGroups = noGroups) =>
      candidates(prisma, job, ids, groups),
    groupNames: (tenantId: string, ids: readonly string[]) => groupNames(prisma, tenantId, ids),
    async linkedTo(
      jobId: string,
      type: ObjectType,
      targetIds: readonly string[],
    ): Promise<ReadonlyMap<string, string>> {
      const where = { jobId, type, targetId: { in: [...targetIds] } };
      const rows = await prisma.link.findMany({ where, select: { targetId: true, sourceId: true } });
      return new Map(rows.map(({ targetId, sourceId }) => [targetId, sourceId]));
    },
    reserveValues: (page: Page, jobId: string, claims: readonly UniqueClaim[]) =>
      reserveValues(prisma, page, jobId, claims),
    intend: (page: Page, jobId: string, actions: readonly Action[], foundBy?: FoundBy) =>
      intend(prisma, page, jobId, actions, foundBy),
    takeReferences: (page: Page, jobId: string, ownerIds: readonly string[], token: string) =>
      takeReferences(prisma, page, jobId, ownerIds, token),
    memberGroups: (job: Job, groupIds: readonly string[]) => memberGroups(prisma, job, groupIds),
    memberLosses: (job: Job, groupId: string, retry: MemberRetry) => memberLosses(prisma, job, groupId, retry),
    memberChanges: (job: Job, slice: MemberSlice) => memberChanges(prisma, job, slice),
    countMemberChanges: (job: Job, of: Pick<MemberSlice, 'groupId' | 'kind' | 'retry'>) =>
      countMemberChanges(prisma, job, of),
    awaitedMembers: (job: Job, groupId: string) => awaitedMembers(prisma, job, groupId),
    markMembers: (batch: MemberBatch) => database.transaction((tx) => markMembers(tx, batch)),
    recordMembers: (record: MemberRecord) => database.transaction((tx) => recordMembers(tx, record)),
    settleMembers: (job: Job, groupId: string) => database.transaction((tx) => settleMembers(tx, job, groupId)),
    managerDiffs: (job: Job, userIds: readonly string[], managerPath: string) =>
      managerDiffs(prisma, job, userIds, managerPath),
    noteMembers: (jobId: string, groupId: string, targetIds: readonly string[]) =>
      noteMembers(prisma, jobId, groupId, targetIds),
    membersWereRead: (jobId: string, groupId: string) => membersWereRead(prisma, jobId, groupId),
    recordPage: (record: PageRecord): Promise<'recorded' | 'lost'> =>
      database.transaction((tx) => recordPage(tx, record)),
  };
}
