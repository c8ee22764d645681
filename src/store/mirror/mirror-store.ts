// The mirror of the directory, as the directory reader writes it. Fits MirrorWriter of the directory.
import type {
  DeltaResource,
  DeltaState,
  MirrorAssignment,
  MirrorMember,
  MirrorPage,
  MirrorServicePrincipal,
  MirrorTombstone,
} from '../../rules/model/mirror.ts';
import type { Database, Tx } from '../database.ts';
import { exclusively } from '../exclusively.ts';
import { dropAssignments, saveAssignments, saveServicePrincipal } from './assignments.ts';
import { replaceGroupsOf, saveFound } from './found.ts';
import type { Found } from './found.ts';
import { dropMembers, groupsWithUnseenMembers, saveMembers, upsertMemberships } from './memberships.ts';
import { buryObjects, census, stampSeen, unseenObjects, upsertObjects } from './objects.ts';
import { nextVersion } from './stamp.ts';
import type { Stamp } from './stamp.ts';

interface Settled {
  readonly tombstones: readonly MirrorTombstone[];
  readonly alive: readonly string[];
}

export type MirrorStore = ReturnType<typeof mirrorStore>;

export function mirrorStore(database: Database) {
  const { prisma } = database;
  const stamped = <T>(tenantId: string, generation: number, work: (tx: Tx, stamp: Stamp) => Promise<T>): Promise<T> =>
    database.transaction(async (tx) => work(tx, { tenantId, generation, version: await nextVersion(tx, tenantId) }));

  return {
    exclusively: <T>(tenantId: string, work: () => Promise<T>) =>
      exclusively(database, `refresh of tenant ${tenantId}`, work),
    deltaState: (tenantId: string, resource: DeltaResource) => deltaState(prisma, tenantId, resource),
    savePage: (tenantId: string, page: MirrorPage) =>
      stamped(tenantId, page.state.generation, async (tx, stamp) => {
        await upsertObjects(tx, stamp, page.objects);
        await buryObjects(tx, stamp, page.tombstones);
        await upsertMemberships(tx, stamp, page.memberships);
        await saveState(tx, tenantId, page.state);
      }),
    unseenObjects: (tenantId: string, resource: DeltaResource, generation: number, after: string, limit: number) =>
      unseenObjects(prisma, resource, { tenantId, generation, after, limit }),
    census: (tenantId: string, resource: DeltaResource, generation: number) =>
      census(prisma, { tenantId, resource, generation }),
    groupsWithUnseenMembers: (tenantId: string, generation: number, after: string, limit: number) =>
      groupsWithUnseenMembers(prisma, { tenantId, generation, after, limit }),
    settleObjects: (tenantId: string, _resource: DeltaResource, generation: number, found: Settled) =>
      stamped(tenantId, generation, async (tx, stamp) => {
        await buryObjects(tx, stamp, found.tombstones);
        await stampSeen(tx, stamp, found.alive);
      }),
    saveMembers: (tenantId: string, groupId: string, generation: number, listed: readonly MirrorMember[]) =>
      stamped(tenantId, generation, (tx, stamp) => saveMembers(tx, stamp, groupId, listed)),
    dropMembers: (tenantId: string, groupId: string, generation: number, memberIds: readonly string[]) =>
      stamped(tenantId, generation, (tx, stamp) => dropMembers(tx, stamp, groupId, memberIds)),
    saveServicePrincipal: (tenantId: string, found: MirrorServicePrincipal) =>
      stamped(tenantId, 0, (tx, { version }) => saveServicePrincipal(tx, tenantId, found, version)),
    saveAssignments: (tenantId: string, servicePrincipalId: string, listed: readonly MirrorAssignment[]) =>
      stamped(tenantId, 0, (tx, { version }) => saveAssignments(tx, { tenantId, servicePrincipalId, version }, listed)),
    dropAssignments: (tenantId: string, servicePrincipalId: string, ids: readonly string[]) =>
      stamped(tenantId, 0, (tx, { version }) => dropAssignments(tx, { tenantId, servicePrincipalId, version }, ids)),
    version: async (tenantId: string): Promise<number> =>
      Number((await prisma.directoryTenant.findUnique({ where: { id: tenantId } }))?.version ?? 0),
    saveFound: (tenantId: string, asOf: number, found: Found) =>
      stamped(tenantId, 0, (tx, stamp) => saveFound(tx, stamp, asOf, found)),
    replaceGroupsOf: (tenantId: string, asOf: number, memberId: string, groupIds: readonly string[]) =>
      stamped(tenantId, 0, (tx, stamp) => replaceGroupsOf(tx, stamp, asOf, { memberId, groupIds })),
    async beginRefresh(tenantId: string, at: Date): Promise<void> {
      await noteRefresh(prisma, tenantId, { refreshStartedAt: at });
    },
    completeRefresh: (tenantId: string, at: Date): Promise<number> =>
      noteRefresh(prisma, tenantId, { refreshedAt: at }),
  };
}

type RefreshNote = { readonly refreshStartedAt: Date } | { readonly refreshedAt: Date };

/** Answers the version of the mirror. */
async function noteRefresh(tx: Tx, id: string, note: RefreshNote): Promise<number> {
  const { version } = await tx.directoryTenant.upsert({ where: { id }, create: { id, ...note }, update: note });
  return Number(version);
}

async function deltaState(tx: Tx, tenantId: string, resource: DeltaResource): Promise<DeltaState | null> {
  const row = await tx.directoryDelta.findUnique({ where: { tenantId_resource: { tenantId, resource } } });
  if (row === null) return null;
  const { link, complete, generation, selection } = row;
  return { resource, link, complete, round: row.round === 'delta' ? 'delta' : 'full', generation, selection };
}

async function saveState(tx: Tx, tenantId: string, state: DeltaState): Promise<void> {
  const { resource, ...rest } = state;
  await tx.directoryDelta.upsert({
    where: { tenantId_resource: { tenantId, resource } },
    create: { tenantId, ...state },
    update: rest,
  });
}
