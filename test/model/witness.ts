// The witness stands beside the application and looks at every write while it happens: was there evidence, is anybody there
// twice, was a stranger touched? Moments that can be evidence: the directory since it was last read whole, under the
// settings since the cycle was opened.
import type { Application, Resource, Write } from './application.ts';
import {
  isInScope,
  isTeamInScope,
  mayDelete,
  mayDeleteTeam,
  mayDisable,
  mayLeaveTeam,
  teamNameOf,
  userNameOf,
} from './oracle.ts';
import type { Settings } from './settings.ts';
import type { Truth } from './truth.ts';

export interface Witness {
  /** What was wrong so far, as sentences. */
  readonly complaints: readonly string[];
  /** Objects whose account somebody removed in the application. */
  readonly lost: ReadonlySet<string>;
  truthIs(truth: Truth): void;
  wasRead(truth: Truth): void;
  settingsAre(settings: Settings): void;
  cycleOpens(): void;
  /** Links were forgotten: who is found by name only may be taken for new. */
  forgets(): void;
  hasForgotten(): boolean;
  /** Was deleting ever switched off? */
  wasKept(): boolean;
  loses(objectId: string): void;
}

type Moment = (truth: Truth, settings: Settings) => boolean;

export function witnessAt(application: Application, first: { truth: Truth; settings: Settings }): Witness {
  let truths: readonly Truth[] = [first.truth];
  let settings: readonly Settings[] = [first.settings];
  let forgetful = false;
  let forgot = false;
  let kept = !first.settings.deletes;
  const complaints: string[] = [];
  const lost = new Set<string>();
  const ever = (holds: Moment): boolean => truths.some((truth) => settings.some((one) => holds(truth, one)));
  const complain = (wrong: boolean, sentence: string): void => {
    if (wrong) complaints.push(sentence);
  };
  const watch = (write: Write): void => {
    if (!write.accepted) return;
    if (write.type === 'Users') watchUser(write);
    else watchTeam(write);
  };
  const watchUser = ({ method, before, after }: Write): void => {
    const id = ownerOf(before) ?? ownerOf(after) ?? '';
    const what = `${method} of the account of ${id === '' ? `a stranger (${JSON.stringify(before?.['userName'])})` : id}`;
    if (before === null) complain(!ever((t, s) => isInScope(t, s, id)), `${what}: it was not in scope.`);
    else if (ownerOf(before) === null) complain(!ever(mayTake(before)), `${what}: nobody in scope has this name.`);
    else if (after === null) complain(!ever((t, s) => mayDelete(t, s, id)), `${what}: the user was not purged.`);
    else if (before['active'] === true && after['active'] === false)
      complain(!ever((t, s) => mayDisable(t, s, id)), `${what} disabled it: the user was in scope all the time.`);
    complain(isTwice('Users', id), `${what}: ${id} has two accounts now.`);
  };
  const watchTeam = ({ method, before, after }: Write): void => {
    const id = ownerOf(before) ?? ownerOf(after) ?? '';
    const what = `${method} of the group ${id === '' ? JSON.stringify(before?.['displayName']) : id}`;
    if (before === null) complain(!ever((t, s) => isTeamInScope(t, s, id)), `${what}: it was not in scope.`);
    else if (ownerOf(before) === null) complain(!ever(mayTakeTeam(before)), `${what}: it is a stranger.`);
    else if (after === null)
      complain(!ever((t, s) => mayDeleteTeam(t, s, id)), `${what}: it was in scope all the time.`);
    for (const member of after === null ? [] : left(before, after)) {
      const who = ownerOf(application.users().find((user) => user.id === member) ?? null) ?? member;
      complain(!ever((t) => mayLeaveTeam(t, id, who)), `${what} removed ${who}, a member all the time.`);
    }
    complain(isTwice('Groups', id), `${what}: ${id} is there twice now.`);
  };
  const isTwice = (type: Write['type'], id: string): boolean =>
    !forgetful &&
    (type === 'Users' ? application.users() : application.groups()).filter((one) => ownerOf(one) === id).length > 1;
  application.watch = watch;
  return {
    complaints,
    lost,
    truthIs: (truth) => {
      truths = [...truths, truth];
    },
    wasRead: (truth) => {
      truths = [truth];
    },
    settingsAre: (changed) => {
      settings = [...settings, changed];
      kept ||= !changed.deletes;
    },
    cycleOpens: () => {
      settings = settings.slice(-1);
    },
    forgets: () => {
      forgot = true;
      forgetful ||= settings.some(({ byId }) => !byId);
    },
    hasForgotten: () => forgot,
    wasKept: () => kept,
    loses: (objectId) => void lost.add(objectId),
  };
}

const mayTake =
  (account: Resource): Moment =>
  (truth, settings) =>
    Object.values(truth.people).some(
      ({ id, name }) => userNameOf(name) === account['userName'] && isInScope(truth, settings, id),
    );
const mayTakeTeam =
  (group: Resource): Moment =>
  (truth, settings) =>
    Object.values(truth.teams).some(
      ({ id, name }) => teamNameOf(name) === group['displayName'] && isTeamInScope(truth, settings, id),
    );

/** The object in the directory that an account stands for; `null`: it is a stranger. */
export const ownerOf = (resource: Resource | null): string | null =>
  typeof resource?.['externalId'] === 'string' ? resource['externalId'] : null;

export const membersIn = (group: Resource | null): readonly string[] =>
  ((group?.['members'] ?? []) as readonly { readonly value: string }[]).map(({ value }) => value);
const left = (before: Resource | null, after: Resource | null): readonly string[] => {
  const present = new Set(membersIn(after));
  return membersIn(before).filter((id) => !present.has(id));
};
