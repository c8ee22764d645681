// The mirror in memory, for tests of the directory reader. The suite `mirrorContract` holds it to the store's behaviour.
import { isDeepStrictEqual } from 'node:util';
import type { MirrorWriter } from '../../src/directory/mirror-writer.ts';
import type {
  DeltaResource,
  DeltaState,
  MirrorAssignment,
  MirrorMember,
  MirrorMembership,
  MirrorObject,
  MirrorPage,
  MirrorServicePrincipal,
  MirrorTombstone,
} from '../../src/rules/model/mirror.ts';
import type { ObjectType, SourceObject } from '../../src/rules/model/source-object.ts';
import type { MirrorUnderTest, SeenMembership } from '../directory/mirror-contract.ts';

interface StoredObject extends SourceObject {
  readonly generation: number;
}
interface StoredMembership extends MirrorMembership {
  readonly generation: number;
  readonly version: number;
}
interface StoredAssignment extends MirrorAssignment {
  readonly present: boolean;
  readonly version: number;
}

interface Tenant {
  version: number;
  startedAt: Date | null;
  refreshedAt: Date | null;
  readonly states: Map<DeltaResource, DeltaState>;
  readonly objects: Map<string, StoredObject>;
  readonly memberships: Map<string, StoredMembership>;
  readonly servicePrincipals: Map<string, MirrorServicePrincipal>;
  readonly assignments: Map<string, Map<string, StoredAssignment>>;
}

const newTenant = (): Tenant => ({
  version: 0,
  startedAt: null,
  refreshedAt: null,
  states: new Map(),
  objects: new Map(),
  memberships: new Map(),
  servicePrincipals: new Map(),
  assignments: new Map(),
});

const typeOf: Readonly<Record<DeltaResource, ObjectType>> = { users: 'User', groups: 'Group' };

export function memoryMirror(): MirrorUnderTest {
  const tenants = new Map<string, Tenant>();
  const queues = new Map<string, Promise<unknown>>();
  const of = (tenantId: string): Tenant => {
    const tenant = tenants.get(tenantId) ?? newTenant();
    tenants.set(tenantId, tenant);
    return tenant;
  };
  return {
    writer: {
      exclusively: (tenantId, work) => {
        const result = (queues.get(tenantId) ?? Promise.resolve()).then(work);
        queues.set(
          tenantId,
          result.catch(() => undefined),
        );
        return result;
      },
      ...writerOf(of),
    },
    object: (tenantId, id) => Promise.resolve(withoutGeneration(of(tenantId).objects.get(id))),
    memberships: (tenantId, groupId) => Promise.resolve(membershipsIn(of(tenantId), groupId)),
    assignments: (tenantId, servicePrincipalId) =>
      Promise.resolve(
        [...(of(tenantId).assignments.get(servicePrincipalId)?.values() ?? [])]
          .filter((a) => a.present)
          .map((a) => a.id)
          .sort(),
      ),
    servicePrincipal: (tenantId, id) => Promise.resolve(of(tenantId).servicePrincipals.get(id) ?? null),
    version: (tenantId) => Promise.resolve(of(tenantId).version),
    refreshedAt: (tenantId) => Promise.resolve(of(tenantId).refreshedAt),
    close: () => Promise.resolve(),
  };
}

function withoutGeneration(stored: StoredObject | undefined): SourceObject | null {
  if (stored === undefined) return null;
  const { id, type, presence, attributes, managerId, version } = stored;
  return { id, type, presence, attributes, managerId, version };
}

const membershipsIn = (tenant: Tenant, groupId: string): readonly SeenMembership[] =>
  [...tenant.memberships.values()]
    .filter((m) => m.groupId === groupId)
    .map(({ memberId, memberType, present, version }) => ({ memberId, memberType, present, version }))
    .sort((a, b) => (a.memberId < b.memberId ? -1 : 1));

/** Bodies have no await on purpose: what they do is one step, as a transaction is. */
function writerOf(of: (tenantId: string) => Tenant): Omit<MirrorWriter, 'exclusively'> {
  return {
    deltaState: (tenantId, resource) => step(() => of(tenantId).states.get(resource) ?? null),
    savePage: (tenantId, page) => step(() => savePage(of(tenantId), page)),
    unseenObjects: (tenantId, resource, generation, after, limit) =>
      step(() =>
        [...of(tenantId).objects.values()]
          .filter(
            (o) => o.type === typeOf[resource] && o.presence === 'live' && o.generation !== generation && o.id > after,
          )
          .map((o) => o.id)
          .sort()
          .slice(0, limit),
      ),
    groupsWithUnseenMembers: (tenantId, generation, after, limit) =>
      step(() => {
        const unseen = [...of(tenantId).memberships.values()].filter(
          (m) => m.present && m.generation !== generation && m.groupId > after,
        );
        return [...new Set(unseen.map((m) => m.groupId))]
          .filter((id) => of(tenantId).objects.get(id)?.presence === 'live')
          .sort()
          .slice(0, limit);
      }),
    version: (tenantId) => step(() => of(tenantId).version),
    saveFound: (tenantId, asOf, { objects, tombstones }) =>
      step(() => {
        const { objects: stored } = of(tenantId);
        const isNewer = ({ id }: { readonly id: string }) => (stored.get(id)?.version ?? 0) > asOf;
        for (const object of objects.filter((each) => !isNewer(each)))
          upsert(of(tenantId), object, stored.get(object.id)?.generation ?? 0);
        for (const tombstone of tombstones.filter((each) => !isNewer(each)))
          bury(of(tenantId), tombstone, stored.get(tombstone.id)?.generation ?? 0);
      }),
    replaceGroupsOf: (tenantId, asOf, memberId, groupIds) =>
      step(() => {
        const { memberships } = of(tenantId);
        const old = [...memberships.values()].filter((m) => m.memberId === memberId);
        for (const m of old)
          if (m.present && m.version <= asOf && !groupIds.includes(m.groupId))
            saveMembership(of(tenantId), { ...m, present: false }, m.generation);
        for (const groupId of groupIds) {
          const before = memberships.get(`${groupId} ${memberId}`);
          if (before?.present === true || (before?.version ?? 0) > asOf) continue;
          saveMembership(
            of(tenantId),
            { groupId, memberId, memberType: 'User', present: true },
            before?.generation ?? 0,
          );
        }
      }),
    settleObjects: (tenantId, _resource, generation, found) =>
      step(() => {
        for (const tombstone of found.tombstones) bury(of(tenantId), tombstone, generation);
        for (const id of found.alive) stamp(of(tenantId), id, generation);
      }),
    saveMembers: (tenantId, groupId, generation, listed) =>
      step(() => saveMembers(of(tenantId), groupId, generation, listed)),
    dropMembers: (tenantId, groupId, generation, memberIds) =>
      step(() => {
        for (const m of membersOf(of(tenantId), groupId))
          if (memberIds.includes(m.memberId)) saveMembership(of(tenantId), { ...m, present: false }, generation);
      }),
    census: (tenantId, resource, generation) =>
      step(() => {
        const live = [...of(tenantId).objects.values()].filter(
          ({ type, presence }) => type === typeOf[resource] && presence === 'live',
        );
        return { live: live.length, seen: live.filter((o) => o.generation >= generation).length };
      }),
    saveServicePrincipal: (tenantId, sp) => step(() => void of(tenantId).servicePrincipals.set(sp.id, sp)),
    saveAssignments: (tenantId, servicePrincipalId, listed) =>
      step(() => saveAssignments(of(tenantId), servicePrincipalId, listed)),
    dropAssignments: (tenantId, servicePrincipalId, ids) =>
      step(() => dropAssignments(of(tenantId), servicePrincipalId, ids)),
    beginRefresh: (tenantId, at) => step(() => void (of(tenantId).startedAt = at)),
    completeRefresh: (tenantId, at) =>
      step(() => {
        of(tenantId).refreshedAt = at;
        return of(tenantId).version;
      }),
  };
}

const step = <T>(work: () => T): Promise<T> => new Promise((resolve) => resolve(work()));

function savePage(tenant: Tenant, page: MirrorPage): void {
  const { generation } = page.state;
  for (const object of page.objects) upsert(tenant, object, generation);
  for (const tombstone of page.tombstones) bury(tenant, tombstone, generation);
  for (const membership of page.memberships) saveMembership(tenant, membership, generation);
  tenant.states.set(page.state.resource, page.state);
}

function upsert(tenant: Tenant, object: MirrorObject, generation: number): void {
  const before = tenant.objects.get(object.id);
  const attributes = { ...before?.attributes, ...object.attributes };
  const managerId = object.managerId === undefined ? (before?.managerId ?? null) : object.managerId;
  const same =
    before?.presence === 'live' && before.managerId === managerId && isDeepStrictEqual(before.attributes, attributes);
  const version = same ? before.version : ++tenant.version;
  tenant.objects.set(object.id, {
    id: object.id,
    type: object.type,
    presence: 'live',
    attributes,
    managerId,
    generation,
    version,
  });
}

/** An object that was never mirrored needs no tombstone. */
function bury(tenant: Tenant, { id, presence }: MirrorTombstone, generation: number): void {
  const before = tenant.objects.get(id);
  if (before === undefined) return;
  const version = before.presence === presence ? before.version : ++tenant.version;
  tenant.objects.set(id, { ...before, presence, generation, version });
}

function stamp(tenant: Tenant, id: string, generation: number): void {
  const before = tenant.objects.get(id);
  if (before !== undefined) tenant.objects.set(id, { ...before, generation });
}

function saveMembership(tenant: Tenant, membership: MirrorMembership, generation: number): void {
  const key = `${membership.groupId} ${membership.memberId}`;
  const before = tenant.memberships.get(key);
  if (before === undefined && !membership.present) return;
  const same =
    before?.present === membership.present && (before.memberType === membership.memberType || !membership.present);
  const memberType = !membership.present && before !== undefined ? before.memberType : membership.memberType;
  tenant.memberships.set(key, {
    ...membership,
    memberType,
    generation,
    version: same ? before.version : ++tenant.version,
  });
}

const membersOf = (tenant: Tenant, groupId: string): readonly StoredMembership[] =>
  [...tenant.memberships.values()].filter((m) => m.groupId === groupId && m.present);

function saveMembers(
  tenant: Tenant,
  groupId: string,
  generation: number,
  listed: readonly MirrorMember[],
): readonly MirrorMember[] {
  for (const m of listed) saveMembership(tenant, { groupId, ...m, present: true }, generation);
  const ids = new Set(listed.map((m) => m.memberId));
  return membersOf(tenant, groupId)
    .filter((m) => !ids.has(m.memberId))
    .map(({ memberId, memberType }) => ({ memberId, memberType }))
    .sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
}

function saveAssignments(
  tenant: Tenant,
  servicePrincipalId: string,
  listed: readonly MirrorAssignment[],
): readonly string[] {
  const stored = tenant.assignments.get(servicePrincipalId) ?? new Map<string, StoredAssignment>();
  tenant.assignments.set(servicePrincipalId, stored);
  for (const assignment of listed) {
    const before = stored.get(assignment.id);
    const after = { ...assignment, present: true };
    const same = before !== undefined && isDeepStrictEqual({ ...before, version: 0 }, { ...after, version: 0 });
    stored.set(assignment.id, { ...after, version: same ? before.version : ++tenant.version });
  }
  const ids = new Set(listed.map((a) => a.id));
  return [...stored.values()]
    .filter((a) => a.present && !ids.has(a.id))
    .map((a) => a.id)
    .sort();
}

function dropAssignments(tenant: Tenant, servicePrincipalId: string, ids: readonly string[]): void {
  const stored = tenant.assignments.get(servicePrincipalId);
  for (const id of ids) {
    const before = stored?.get(id);
    if (before?.present === true) stored?.set(id, { ...before, present: false, version: ++tenant.version });
  }
}
