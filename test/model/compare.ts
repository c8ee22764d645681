// The application at rest against the oracle. What an administrator's choices leave open is left open here too: an account
// that somebody removed in the application, a name that another account keeps, an action that is switched off.
import type { Application, Resource } from './application.ts';
import { isInScope, isTeamInScope, membersOf, teamNameOf, titleOf, userNameOf } from './oracle.ts';
import type { Settings } from './settings.ts';
import type { Person, Team, Truth } from './truth.ts';
import { membersIn, ownerOf } from './witness.ts';
import type { Witness } from './witness.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

interface World {
  readonly truth: Truth;
  readonly settings: Settings;
  readonly witness: Witness;
  readonly users: readonly Resource[];
  readonly groups: readonly Resource[];
}

/** Each difference as a sentence. */
export function differences(
  truth: Truth,
  settings: Settings,
  application: Application,
  witness: Witness,
): readonly string[] {
  const world: World = { truth, settings, witness, users: application.users(), groups: application.groups() };
  return [
    ...Object.values(truth.people).flatMap((person) => ofPerson(world, person)),
    ...Object.values(truth.teams).flatMap((team) => ofTeam(world, team)),
    ...truth.gone.flatMap((id) => ofGone(world, id)),
  ];
}

const accountOf = ({ users, groups }: World, id: string): Resource | undefined =>
  (id.startsWith('u') ? users : groups).find((one) => ownerOf(one) === id);

function ofPerson(world: World, person: Person): readonly string[] {
  const { truth, settings, witness } = world;
  const { id } = person;
  const account = accountOf(world, id);
  if (witness.lost.has(id)) return [];
  if (!isInScope(truth, settings, id)) {
    if (account === undefined || settings.skipsLeavers || !settings.updates) return [];
    return account['active'] === false ? [] : [`The account of ${id}, who is not in scope, is active.`];
  }
  if (account === undefined) {
    const taken = world.users.find((one) => one['userName'] === userNameOf(person.name));
    // A stranger's account that may not be updated is taken over as it is.
    const kept = taken !== undefined && (ownerOf(taken) !== null || !settings.updates);
    return settings.creates && !kept ? [`${id} is in scope and has no account.`] : [];
  }
  const kept = world.users.some((one) => one['userName'] === userNameOf(person.name) && one !== account);
  return settings.updates && !kept ? wrongAttributes(world, person, account) : [];
}

function wrongAttributes(world: World, person: Person, account: Resource): readonly string[] {
  const enterprise = (account[ENTERPRISE] ?? {}) as { department?: string; manager?: { value: string } };
  const title = titleOf(person, world.settings);
  const flows = title !== null && world.settings.title !== 'once';
  const found: readonly (readonly [string, unknown, unknown])[] = [
    ['active', account['active'], true],
    ['userName', account['userName'], userNameOf(person.name)],
    ['department', enterprise.department, person.department],
    ...(flows ? ([['title', account['title'], title]] as const) : []),
    ...(isOpenReference(world, person.manager)
      ? []
      : ([['manager', enterprise.manager?.value, accountOf(world, person.manager ?? '')?.id]] as const)),
  ];
  return found.flatMap(([what, is, should]) =>
    is === should
      ? []
      : [`The account of ${person.id} has the ${what} ${JSON.stringify(is)} instead of ${JSON.stringify(should)}.`],
  );
}

/** Whoever was lost in the application, or forgotten while out of scope, may be referred to or not. */
const isOpenReference = ({ truth, settings, witness }: World, id: string | null): boolean =>
  id !== null && (witness.lost.has(id) || (witness.hasForgotten() && !isInScope(truth, settings, id)));

function ofTeam(world: World, team: Team): readonly string[] {
  const { truth, settings, witness, groups } = world;
  const { id } = team;
  const group = accountOf(world, id);
  if (witness.lost.has(id)) return [];
  if (!isTeamInScope(truth, settings, id)) {
    if (group === undefined || settings.skipsLeavers || !settings.deletes) return [];
    return [`Group ${id} is not in scope, and there.`];
  }
  const kept = groups.some((one) => one['displayName'] === teamNameOf(team.name) && one !== group);
  if (kept) return [];
  if (group === undefined) return settings.creates ? [`Group ${id} is in scope, and not there.`] : [];
  if (!settings.updates) return [];
  const named = group['displayName'] === teamNameOf(team.name);
  return [
    ...(named ? [] : [`Group ${id} is called ${JSON.stringify(group['displayName'])}.`]),
    ...wrongMembers(world, team, group),
  ];
}

function wrongMembers(world: World, team: Team, group: Resource): readonly string[] {
  if (!world.settings.members) return [];
  const closed = (id: string): boolean => !isOpenReference(world, id);
  const is = membersIn(group)
    .map((member) => ownerOf(world.users.find((user) => user.id === member) ?? null) ?? member)
    .filter(closed)
    .toSorted();
  const should = membersOf(team, (id) => accountOf(world, id) !== undefined).filter(closed);
  if (is.join() === should.join()) return [];
  return [`Group ${team.id} has the members ${is.join(', ')} instead of ${should.join(', ')}.`];
}

/** Where deleting was switched off meanwhile, or links were forgotten, an account may stay behind for good. */
function ofGone(world: World, id: string): readonly string[] {
  const { settings, witness } = world;
  if (accountOf(world, id) === undefined || !settings.deletes || witness.wasKept() || witness.hasForgotten()) return [];
  return [`${id} is gone, and its account is there.`];
}
