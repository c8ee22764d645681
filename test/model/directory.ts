// The directory of a history as the engine reads it: what changed since the last read goes into the real mirror. A read
// can break off half-way.
import type { Directory } from '../../src/cycle/ports.ts';
import { SystemError } from '../../src/rules/model/errors.ts';
import type {
  MirrorAssignment,
  MirrorMembership,
  MirrorObject,
  MirrorServicePrincipal,
  MirrorTombstone,
} from '../../src/rules/model/mirror.ts';
import type { ObjectType } from '../../src/rules/model/source-object.ts';
import type { Store } from '../../src/store/open-store.ts';
import { teamNameOf, userNameOf } from './oracle.ts';
import { nobody } from './truth.ts';
import type { Person, Team, Truth } from './truth.ts';

const NO_ROLE = '00000000-0000-0000-0000-000000000000';
const STAFF = '11111111-1111-1111-1111-111111111111';

export interface ModelDirectory extends Directory {
  /** The next read ends after its first part. */
  breakNextRead(): void;
  mend(): void;
}
interface Told {
  truth(): Truth;
  /** Everything was read, as it is in this truth. */
  wasRead(truth: Truth): void;
}

export function modelDirectory(mirror: Store['mirror'], tenantId: string, told: Told): ModelDirectory {
  let read = nobody;
  let breaks = false;
  const servicePrincipal: MirrorServicePrincipal = {
    id: tenantId,
    appId: tenantId,
    displayName: 'Application',
    appRoles: [{ id: STAFF, value: 'staff', displayName: 'Staff', isEnabled: true }],
  };
  const save = async (from: Truth, to: Truth, only: (id: string) => boolean): Promise<void> => {
    for (const type of ['User', 'Group'] as const) {
      const page = difference(type, from, to, only);
      if (Object.values(page).every((list) => list.length === 0)) continue;
      const state = { link: null, complete: true, round: 'full', generation: 1, selection: 'id' } as const;
      await mirror.savePage(tenantId, { ...page, state: { resource: type === 'User' ? 'users' : 'groups', ...state } });
      if (type === 'User' && breaks) {
        breaks = false;
        throw new SystemError('DirectoryReadIncomplete', 'The directory stopped in the middle of its answer.');
      }
    }
  };
  const saveAssignments = async ({ assigned }: Truth): Promise<void> => {
    if (read === nobody) await mirror.saveServicePrincipal(tenantId, servicePrincipal);
    const left = await mirror.saveAssignments(tenantId, tenantId, assignmentsOf(assigned));
    if (left.length > 0) await mirror.dropAssignments(tenantId, tenantId, left);
  };
  return {
    breakNextRead: () => {
      breaks = true;
    },
    mend: () => {
      breaks = false;
    },
    refresh: async () => {
      const truth = told.truth();
      await save(read, truth, () => true);
      if (read.assigned !== truth.assigned || read === nobody) await saveAssignments(truth);
      const at = new Date();
      const version = await mirror.completeRefresh(tenantId, at);
      read = truth;
      told.wasRead(truth);
      return { tenantId, version, completedAt: at, requests: 3 };
    },
    readObjects: async ({ users, groups }) => {
      const truth = told.truth();
      const chosen = new Set([...users, ...groups]);
      const asOf = await mirror.version(tenantId);
      const pages = (['User', 'Group'] as const).map((type) => difference(type, nobody, truth, (id) => chosen.has(id)));
      await mirror.saveFound(tenantId, asOf, {
        objects: pages.flatMap(({ objects }) => objects),
        tombstones: pages.flatMap(({ tombstones }) => tombstones),
      });
      for (const user of users)
        await mirror.replaceGroupsOf(
          tenantId,
          asOf,
          user,
          Object.values(truth.teams).flatMap(({ id, members }) => (members.includes(user) ? [id] : [])),
        );
      await saveAssignments(truth);
      return { requests: 1 };
    },
    servicePrincipal: () => Promise.resolve({ ...servicePrincipal, applicationTemplateId: null }),
  };
}

/** As delta queries tell it: who changed, tombstones, members who came and went. */
function difference(type: ObjectType, from: Truth, to: Truth, only: (id: string) => boolean) {
  const before: Readonly<Record<string, Person | Team>> = type === 'User' ? from.people : from.teams;
  const after: Readonly<Record<string, Person | Team>> = type === 'User' ? to.people : to.teams;
  const touched = Object.values(after).filter((one) => only(one.id) && before[one.id] !== one);
  const isDeleted = (one: Person | Team): boolean => 'state' in one && one.state === 'soft-deleted';
  const purged = to.gone.filter(
    (id) => only(id) && !from.gone.includes(id) && id.startsWith(type === 'User' ? 'u' : 'g'),
  );
  const tombstone = (id: string, presence: MirrorTombstone['presence']): MirrorTombstone => ({ id, type, presence });
  return {
    objects: touched.filter((one) => !isDeleted(one)).map(mirrored),
    tombstones: [
      ...touched.filter(isDeleted).map(({ id }) => tombstone(id, 'soft-deleted')),
      ...purged.map((id) => tombstone(id, 'hard-deleted')),
    ],
    memberships: type === 'User' ? [] : membershipChanges(from, to, only),
  };
}

function mirrored(one: Person | Team): MirrorObject {
  const { id } = one;
  if ('members' in one)
    return {
      id,
      type: 'Group',
      attributes: { displayName: teamNameOf(one.name), securityEnabled: true },
      managerId: undefined,
    };
  const { enabled, name, title, department, manager } = one;
  const userPrincipalName = userNameOf(name);
  const attributes = { displayName: id, accountEnabled: enabled, userPrincipalName, jobTitle: title, department };
  return { id, type: 'User', attributes, managerId: manager };
}

function membershipChanges(from: Truth, to: Truth, only: (id: string) => boolean): readonly MirrorMembership[] {
  const inTeams = ({ teams }: Truth): ReadonlyMap<string, MirrorMembership> =>
    new Map(
      Object.values(teams).flatMap(({ id: groupId, members }) =>
        members.map((memberId) => [
          `${groupId} ${memberId}`,
          { groupId, memberId, memberType: 'User' as const, present: true },
        ]),
      ),
    );
  const [before, after] = [inTeams(from), inTeams(to)];
  const came = [...after].flatMap(([key, one]) => (before.has(key) ? [] : [one]));
  const went = [...before].flatMap(([key, one]) => (after.has(key) ? [] : [{ ...one, present: false }]));
  return [...came, ...went].filter(({ groupId }) => only(groupId));
}

const assignmentsOf = (assigned: Truth['assigned']): readonly MirrorAssignment[] =>
  Object.entries(assigned).map(([principalId, role]) => ({
    id: `assignment of ${principalId}`,
    principalId,
    principalType: principalId.startsWith('u') ? 'User' : 'Group',
    appRoleId: role === 'staff' ? STAFF : NO_ROLE,
  }));
