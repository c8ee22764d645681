// The directory of a history as it truly is, as values: every change answers a new truth, so that old ones can be kept as
// evidence. Six people, three groups, names from a small pool, so that they meet.
import { byKind } from './by-kind.ts';
import type { ByKind } from './by-kind.ts';

export interface Person {
  readonly id: string;
  readonly state: 'live' | 'soft-deleted';
  readonly enabled: boolean;
  /** Position in the pool of names. */
  readonly name: number;
  readonly title: string | null;
  readonly department: string;
  readonly manager: string | null;
}
export interface Team {
  readonly id: string;
  readonly name: number;
  readonly members: readonly string[];
}
/** The role of an assignment; `none` is Default Access. */
export type Role = 'none' | 'staff';
export interface Truth {
  readonly people: Readonly<Record<string, Person>>;
  readonly teams: Readonly<Record<string, Team>>;
  /** Principal → role. */
  readonly assigned: Readonly<Record<string, Role>>;
  /** Everybody who was purged, and every group that was deleted. */
  readonly gone: readonly string[];
}
export const nobody: Truth = { people: {}, teams: {}, assigned: {}, gone: [] };

export type Change =
  | { readonly kind: 'hire'; readonly who: number; readonly name: number; readonly department: string }
  | { readonly kind: 'rename'; readonly who: number; readonly name: number }
  | { readonly kind: 'title'; readonly who: number; readonly title: string | null }
  | { readonly kind: 'move'; readonly who: number; readonly department: string }
  | { readonly kind: 'manager'; readonly who: number; readonly manager: number | null }
  | { readonly kind: 'enable' | 'disable' | 'delete' | 'restore' | 'purge'; readonly who: number }
  | { readonly kind: 'found'; readonly team: number; readonly name: number }
  | { readonly kind: 'rename-team'; readonly team: number; readonly name: number }
  | { readonly kind: 'join' | 'leave'; readonly team: number; readonly who: number }
  | { readonly kind: 'dissolve'; readonly team: number }
  | { readonly kind: 'assign'; readonly who: number; readonly role: Role }
  | { readonly kind: 'assign-team'; readonly team: number; readonly role: Role }
  | { readonly kind: 'unassign'; readonly who: number }
  | { readonly kind: 'unassign-team'; readonly team: number };

/** The id of whoever holds this place: who was purged is followed by somebody new. */
export const personAt = (truth: Truth, who: number): string => placed(truth, 'u', who);
export const teamAt = (truth: Truth, team: number): string => placed(truth, 'g', team);
const placed = ({ gone }: Truth, letter: string, at: number): string => {
  const before = gone.filter((id) => id.startsWith(`${letter}${String(at)}.`)).length;
  return `${letter}${String(at)}.${String(before)}`;
};

type TeamChange = Extract<Change, { readonly team: number }>;
type PersonChange = Exclude<Change, TeamChange | { readonly kind: 'hire' }>;

/** What is impossible changes nothing, so that any part of a history is a history. */
export function changed(truth: Truth, change: Change): Truth {
  if ('team' in change) return teamChanged(truth, change);
  const id = personAt(truth, change.who);
  const person = truth.people[id];
  if (change.kind !== 'hire') return person === undefined ? truth : byKind(changesOf(truth, person), change);
  if (person !== undefined || isTaken(truth, change.name)) return truth;
  const { name, department } = change;
  return withPerson(truth, { id, state: 'live', enabled: true, name, title: null, department, manager: null });
}

function changesOf(truth: Truth, person: Person): ByKind<PersonChange, Truth> {
  const { id } = person;
  const live = (part: Partial<Person>): Truth => withLive(truth, person, part);
  const assigned = (role: Role): Truth => ({ ...truth, assigned: { ...truth.assigned, [id]: role } });
  return {
    rename: ({ name }) => (isTaken(truth, name) ? truth : live({ name })),
    title: ({ title }) => live({ title }),
    move: ({ department }) => live({ department }),
    manager: ({ manager: at }) => {
      const manager = at === null ? null : personAt(truth, at);
      const known = manager === null || truth.people[manager]?.state === 'live';
      return known && manager !== id ? live({ manager }) : truth;
    },
    enable: () => live({ enabled: true }),
    disable: () => live({ enabled: false }),
    delete: () => live({ state: 'soft-deleted' }),
    restore: () => withPerson(truth, { ...person, state: 'live' }),
    purge: () => purged(truth, id),
    assign: ({ role }) => (person.state === 'live' ? assigned(role) : truth),
    unassign: () => ({ ...truth, assigned: without(truth.assigned, id) }),
  };
}

function teamChanged(truth: Truth, change: TeamChange): Truth {
  const id = teamAt(truth, change.team);
  const team = truth.teams[id];
  if (change.kind === 'found') {
    const taken = Object.values(truth.teams).some(({ name }) => name === change.name);
    return team !== undefined || taken ? truth : withTeam(truth, { id, name: change.name, members: [] });
  }
  if (team === undefined) return truth;
  switch (change.kind) {
    case 'rename-team':
      return Object.values(truth.teams).some(({ name }) => name === change.name)
        ? truth
        : withTeam(truth, { ...team, name: change.name });
    case 'join': {
      const member = personAt(truth, change.who);
      if (truth.people[member]?.state !== 'live' || team.members.includes(member)) return truth;
      return withTeam(truth, { ...team, members: [...team.members, member] });
    }
    case 'leave':
      return withTeam(truth, { ...team, members: team.members.filter((one) => one !== personAt(truth, change.who)) });
    case 'assign-team':
      return { ...truth, assigned: { ...truth.assigned, [id]: change.role } };
    case 'unassign-team':
      return { ...truth, assigned: without(truth.assigned, id) };
    case 'dissolve':
      return {
        ...truth,
        teams: without(truth.teams, id),
        assigned: without(truth.assigned, id),
        gone: [...truth.gone, id],
      };
  }
}

/** Of a user who was purged nothing is left: no assignment, no membership, nobody's manager. */
function purged(truth: Truth, id: string): Truth {
  const people = Object.values(without(truth.people, id)).map((one) =>
    one.manager === id ? { ...one, manager: null } : one,
  );
  const teams = Object.values(truth.teams).map((one) => ({
    ...one,
    members: one.members.filter((member) => member !== id),
  }));
  return {
    people: Object.fromEntries(people.map((one) => [one.id, one])),
    teams: Object.fromEntries(teams.map((one) => [one.id, one])),
    assigned: without(truth.assigned, id),
    gone: [...truth.gone, id],
  };
}

const isTaken = ({ people }: Truth, name: number): boolean => Object.values(people).some((one) => one.name === name);
const withPerson = (truth: Truth, person: Person): Truth => ({
  ...truth,
  people: { ...truth.people, [person.id]: person },
});
const withLive = (truth: Truth, person: Person, change: Partial<Person>): Truth =>
  person.state === 'live' ? withPerson(truth, { ...person, ...change }) : truth;
const withTeam = (truth: Truth, team: Team): Truth => ({ ...truth, teams: { ...truth.teams, [team.id]: team } });
const without = <T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
