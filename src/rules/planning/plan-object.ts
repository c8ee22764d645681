// The decision about one object: what to do with its account, and why. Start here to learn what provisioning does.
import { desiredAttributes } from '../mapping/desired.ts';
import type { ObjectRule } from '../mapping/compile.ts';
import { shownQuery } from '../matching/match.ts';
import type { Action, AttributeChange, MatchQuery, ScopeVerdict, SkipReason } from '../model/decisions.ts';
import type { ObjectError } from '../model/errors.ts';
import type { JsonObject } from '../model/json.ts';
import type { KnownAttributes, Link, TargetResource } from '../model/target.ts';
import { knownFrom } from '../scim/build.ts';
import { deprovision } from './deprovision.ts';
import { diffAttributes } from './diff.ts';
import { mappingInput, refuse, rolesOf, sealFor, skip, subjectOf } from './plan-input.ts';
import type { PlanInput, Subject } from './plan-input.ts';
import { sealed } from './seal.ts';
import type { Seal } from './seal.ts';

/**
 * Is the target to be asked for an account? Only for an object that has no link, lives and is in scope. Without asking,
 * `planObject` takes any verdict: it does not look at it.
 */
export const needsMatch = (rule: ObjectRule, candidate: PlanInput['candidate'], scope: ScopeVerdict): boolean =>
  rule.enabled && candidate.link === null && candidate.object.presence === 'live' && scope.in === true;

export function planObject(input: PlanInput): Action {
  const { rule, scope } = input;
  const subject = subjectOf(input);
  const link = linkOf(input);
  const targetId = link?.targetId ?? null;
  if (!rule.enabled) return skip(subject, 'ObjectMappingDisabled', { targetId });
  if (scope.in === 'ignored') return skip(subject, 'IgnoredByInputFilter', { targetId });
  if (!scope.in)
    return link === null ? neverProvisioned(subject, scope) : deprovision(input, subject, link, scope.because);
  return link === null ? provision(input, subject) : keepInStep(input, subject, link);
}

/** What an earlier version kept in clear is sealed from here on. */
function linkOf(input: PlanInput): Link | null {
  const { rule, candidate, match } = input;
  const link = candidate.link ?? (match.kind === 'linked' ? match.link : null);
  return link === null ? null : { ...link, known: sealed(rule, link.known, sealFor(input)) };
}

/** Out of scope and never linked: nothing of it is ours to touch. */
function neverProvisioned(subject: Subject, { because }: Extract<ScopeVerdict, { in: false }>): Action {
  if (because === 'hard-deleted') return skip(subject, 'NeverProvisioned');
  const unentitled = because === 'not-assigned' || because === 'not-effectively-entitled';
  return skip(subject, unentitled ? 'NotEffectivelyEntitled' : 'NotInScope');
}

function provision(input: PlanInput, subject: Subject): Action {
  const { match } = input;
  switch (match.kind) {
    case 'unmatched':
      return createAccount(input, subject);
    case 'matched':
      return takeOver(input, subject, match.resource);
    case 'ambiguous':
      return refuse(subject, duplicateTargets(subject, match.by, match.candidates));
    case 'unknown':
      return refuse(subject, match.error);
    case 'linked':
      return keepInStep(input, subject, match.link);
  }
}

function createAccount(input: PlanInput, subject: Subject): Action {
  if (!input.rule.actions.create) return skip(subject, 'CreateNotAllowed');
  if (!input.dialect.creates[input.rule.resourceType]) return skip(subject, 'CreateNotSupported');
  const result = desiredAttributes(input.rule, mappingInput(input, 'create'));
  if (result.kind === 'error') return refuse(subject, result.error);
  if (result.kind === 'ignore-object') return skip(subject, 'IgnoreObjectFlow');
  const changes = diffAttributes(input.rule.mappings, result.desired, {}, sealFor(input), rolesOf(input));
  const desired = Object.fromEntries(changes.map(({ path, after }) => [path, after]));
  return { ...subject, kind: 'create', because: 'no-match', desired, changes };
}

/** An account that was there before: brought in step and linked; linked also when there is nothing to write. */
function takeOver(input: PlanInput, subject: Subject, { id: targetId, attributes }: TargetResource): Action {
  const { rule } = input;
  const known = accountFrom(rule, attributes, sealFor(input));
  const step = stepFrom(input, subject, targetId, known);
  if (step.kind === 'settled') return step.action;
  const { changes } = step;
  if (changes.length === 0) return skip(subject, nothingToWrite(step), { targetId, adopt: known });
  if (!rule.actions.update) return skip(subject, 'UpdateNotAllowed', { targetId, adopt: known });
  return { ...subject, kind: 'update', because: 'matched-account', targetId, known, ...sent(step) };
}

/** What an account holds of the attributes that the rule writes. */
export const accountFrom = (rule: ObjectRule, attributes: JsonObject, seal: Seal): KnownAttributes =>
  sealed(rule, knownFrom(attributes, writtenPaths(rule)), seal);

export const writtenPaths = ({ mappings, managerPaths }: ObjectRule): readonly string[] => [
  ...mappings.map(({ targetPath }) => targetPath),
  ...managerPaths,
];

function keepInStep(input: PlanInput, subject: Subject, { targetId, known, state }: Link): Action {
  const step = stepFrom(input, subject, targetId, known);
  if (step.kind === 'settled') return step.action;
  const { changes } = step;
  const returns = state === 'disabled';
  // Nothing to write for an account that returns, or was looked up anew: linking it once more notes how it stands.
  const news = returns || input.candidate.unsure === true;
  if (changes.length === 0) return skip(subject, nothingToWrite(step), { targetId, adopt: news ? known : null });
  if (!input.rule.actions.update) return skip(subject, 'UpdateNotAllowed', { targetId });
  if (returns) return { ...subject, kind: 'restore', because: 'back-in-scope', targetId, changes, known };
  return { ...subject, kind: 'update', because: 'attributes-differ', targetId, known, ...sent(step) };
}

type Changes = ReturnType<typeof diffAttributes>;
type Step =
  | { readonly kind: 'differs'; readonly changes: Changes; readonly withheld: Changes }
  | { readonly kind: 'settled'; readonly action: Action };

function stepFrom(input: PlanInput, subject: Subject, targetId: string, known: KnownAttributes): Step {
  const rule = comparing(input);
  const result = desiredAttributes(rule, mappingInput(input, 'update'));
  if (result.kind === 'error') return { kind: 'settled', action: refuse(subject, result.error) };
  if (result.kind === 'ignore-object')
    return { kind: 'settled', action: skip(subject, 'IgnoreObjectFlow', { targetId }) };
  const all = diffAttributes(rule.mappings, result.desired, known, sealFor(input), rolesOf(input));
  const withheld = all.filter((change) => isRefusedRename(input, change));
  return { kind: 'differs', changes: all.filter((change) => !withheld.includes(change)), withheld };
}

/** Where groups are not renamed, their name is compared all the same, so that the log says of a rename that it was not sent. */
const comparing = ({ rule, dialect }: PlanInput): ObjectRule =>
  rule.resourceType !== 'Group' || dialect.renamesGroups
    ? rule
    : {
        ...rule,
        mappings: rule.mappings.map((one) => (isName(one.targetPath) ? { ...one, flowType: 'Always' } : one)),
      };

/** An application that renames no group would refuse it in every cycle. */
const isRefusedRename = ({ rule, dialect }: PlanInput, { path }: AttributeChange): boolean =>
  rule.resourceType === 'Group' && !dialect.renamesGroups && isName(path);
const isName = (path: string): boolean => path.toLowerCase() === 'displayname';

const sent = ({ changes, withheld }: Extract<Step, { kind: 'differs' }>) =>
  withheld.length === 0 ? { changes } : { changes, withheld };

const nothingToWrite = ({ withheld }: Extract<Step, { kind: 'differs' }>): SkipReason =>
  withheld.length > 0 ? 'GroupRenameNotSupported' : 'RedundantExport';

const duplicateTargets = (subject: Subject, by: MatchQuery, candidates: readonly string[]): ObjectError => ({
  code: 'DuplicateTargetEntries',
  message: `${subject.type} ${subject.displayName} matches ${String(candidates.length)} accounts with ${by.targetPath} = "${shownQuery(by)}": ${candidates.join(', ')}. None of them was changed.`,
  attribute: by.targetPath,
});
