// After the export: some objects turn out to have an account that nobody knew of, others none where one was linked. They
// are matched, planned and exported once more; there is no third time.
import type { Action, Outcome } from '../rules/model/decisions.ts';
import { reportsGone } from '../rules/model/errors.ts';
import type { ObjectError } from '../rules/model/errors.ts';
import type { Page } from '../rules/model/job.ts';
import { shownQuery } from '../rules/matching/match.ts';
import { exportPage } from './export-page.ts';
import { askedNow } from './find-accounts.ts';
import { countGone, withoutLink } from './gone-accounts.ts';
import { matchPage } from './match-page.ts';
import { planOf } from './plan-of.ts';
import type { Deps, TargetSession } from './ports.ts';
import type { RunContext } from './run-context.ts';
import type { Matched, Planned } from './stages.ts';
import { chooseUniqueValues } from './unique-values.ts';

export interface Exported {
  readonly planned: readonly Planned[];
  readonly outcomes: readonly Outcome[];
}
/** An object whose write failed in a way that another look may mend. */
interface Case {
  readonly object: Planned;
  readonly outcome: Extract<Outcome, { kind: 'failed' }>;
}
/** Without an outcome it is to be exported. */
interface Again {
  readonly object: Planned;
  readonly outcome: Outcome | null;
}

/** Throws SystemError when more linked accounts are gone than can be accidents. */
export async function secondLook(
  deps: Deps,
  context: RunContext,
  target: TargetSession,
  page: Page,
  first: Exported,
): Promise<Exported> {
  const cases = casesOf(context, first);
  if (cases.length === 0) return first;
  await countGone(deps, context, cases.filter(isGone).length);
  const unlinked = cases.map(({ object }) => ({ ...object, candidate: withoutLink(object.candidate) }));
  const found = await matchPage(deps, context, askedNow(target), unlinked);
  const matched = await chooseUniqueValues(deps, context, target, page, found);
  const owners = ownersOf(first.outcomes);
  const again = matched.flatMap((object, index) => {
    const before = cases[index];
    return before === undefined ? [] : [decideAgain(deps, context, owners, before, object)];
  });
  const open = again.filter(({ outcome }) => outcome === null).map(({ object }) => object);
  const actions = open.map(({ action }) => action);
  const exported = await exportPage(target, open, actions, new Set());
  const looked = new Set(cases.map(({ object }) => object.action));
  return {
    planned: [...first.planned.filter(({ action }) => !looked.has(action)), ...again.map(({ object }) => object)],
    outcomes: [
      ...first.outcomes.filter(({ action }) => !looked.has(action)),
      ...again.flatMap(({ outcome }) => outcome ?? []),
      ...exported,
    ],
  };
}

function casesOf({ gone }: RunContext, { planned, outcomes }: Exported): readonly Case[] {
  const objects = new Map(planned.map((object) => [object.action, object]));
  return outcomes.flatMap((outcome) => {
    const object = objects.get(outcome.action);
    if (object === undefined || outcome.kind !== 'failed') return [];
    const found = { object, outcome };
    return isTaken(found) || (gone.recreate && isGone(found)) ? [found] : [];
  });
}

/** The target says that the account is there already, or that it made one, without saying which. */
function isTaken({ outcome: { action, error } }: Case): boolean {
  if (action.kind !== 'create') return false;
  return error.code === 'Conflict' || (error.status !== undefined && error.status < 300);
}

const isGone = ({ outcome: { action, error } }: Case): boolean =>
  ['update', 'disable', 'restore'].includes(action.kind) && reportsGone(error);

/** Accounts that this page wrote: target id with type → source id. */
const ownersOf = (outcomes: readonly Outcome[]): ReadonlyMap<string, string> =>
  new Map(
    outcomes.flatMap((outcome) =>
      outcome.kind === 'applied' && outcome.targetId !== null
        ? [[`${outcome.action.type} ${outcome.targetId}`, outcome.action.sourceId]]
        : [],
    ),
  );

function decideAgain(
  deps: Deps,
  context: RunContext,
  owners: ReadonlyMap<string, string>,
  before: Case,
  matched: Matched,
): Again {
  const { object, outcome } = before;
  const elsewhere = belongsElsewhere(owners, matched);
  if (elsewhere !== null) return { object, outcome: { ...outcome, error: withMore(outcome.error, elsewhere) } };
  if (isTaken(before) && matched.match.kind === 'unmatched') return { object, outcome };
  if (outcome.action.kind === 'disable' && isGone(before)) return forgotten(before, matched);
  return { object: planOf(deps, context, matched), outcome: null };
}

/** Why the account that was found cannot be taken; `null` when it can. */
function belongsElsewhere(owners: ReadonlyMap<string, string>, { candidate, match, refusal }: Matched): string | null {
  if (match.kind !== 'matched') return null;
  if (refusal?.kind === 'refuse') return refusal.error.message;
  const owner = owners.get(`${candidate.object.type} ${match.resource.id}`);
  if (owner === undefined || owner === candidate.object.id) return null;
  return `The account ${match.resource.id} with ${match.by.targetPath} = "${shownQuery(match.by)}" was just given to the directory object ${owner}.`;
}

const withMore = (error: ObjectError, more: string): ObjectError => ({ ...error, message: `${error.message} ${more}` });

/** It was to be disabled, and is not there: nothing is left to do. */
function forgotten({ outcome: { action } }: Case, matched: Matched): Again {
  const { sourceId, type, displayName } = action;
  const skip: Action = {
    ...{ sourceId, type, displayName, kind: 'skip', because: 'AccountGone' },
    ...{ targetId: null, adopt: null, forget: true },
  };
  return { object: { ...matched, action: skip, secrets: [] }, outcome: { kind: 'skipped', action: skip } };
}
