// What must hold, from Entra's documentation alone and without a line of the engine: who is in scope, what an account in
// scope looks like, and what is reason enough to take something away.
import type { Settings } from './settings.ts';
import type { Person, Team, Truth } from './truth.ts';

export const userNameOf = (name: number): string => `person${String(name)}@contoso.example`;
export const teamNameOf = (name: number): string => `Team ${String(name)}`;

/** Live, enabled, assigned itself or through a group that lives, with a role that counts, and passing the filter. */
export function isInScope(truth: Truth, settings: Settings, id: string): boolean {
  const person = truth.people[id];
  if (person?.state !== 'live' || !person.enabled) return false;
  if (settings.department !== null && person.department !== settings.department) return false;
  return settings.everybody || entitles(settings, rolesOf(truth, id));
}

function rolesOf(truth: Truth, id: string): readonly string[] {
  const groups = Object.values(truth.teams).filter(({ members }) => members.includes(id));
  return [id, ...groups.map((group) => group.id)].flatMap((principal) => truth.assigned[principal] ?? []);
}

const entitles = ({ anyRole }: Settings, roles: readonly string[]): boolean =>
  anyRole ? roles.length > 0 : roles.includes('staff');

/** A group must be assigned itself. */
export function isTeamInScope(truth: Truth, settings: Settings, id: string): boolean {
  if (truth.teams[id] === undefined) return false;
  return settings.everybody || entitles(settings, [truth.assigned[id] ?? []].flat());
}

/** Is this moment reason to disable the account? */
export const mayDisable = (truth: Truth, settings: Settings, id: string): boolean => !isInScope(truth, settings, id);
/** An account goes for good only with its user. */
export const mayDelete = (truth: Truth, settings: Settings, id: string): boolean =>
  settings.deletes && truth.gone.includes(id);
export const mayDeleteTeam = (truth: Truth, settings: Settings, id: string): boolean =>
  settings.deletes && !isTeamInScope(truth, settings, id) && (truth.gone.includes(id) || !settings.skipsLeavers);
export const mayLeaveTeam = (truth: Truth, team: string, member: string): boolean =>
  truth.teams[team]?.members.includes(member) !== true;

/** The title that flows now; `null`: none does, and the account keeps what it has. */
export function titleOf({ title, department }: Person, { title: mapping }: Settings): string | null {
  switch (mapping) {
    case 'title':
    case 'once':
    case 'defaulted':
      return title;
    case 'shouted':
      return title?.toUpperCase() ?? null;
    case 'joined':
      return [department, title].filter((part) => part !== null).join('-');
  }
}

/** Members who have an account, whatever its state. */
export const membersOf = (team: Team, hasAccount: (id: string) => boolean): readonly string[] =>
  team.members.filter(hasAccount).toSorted();
