// The steps of one object through the pipeline, as the provisioning log tells them: import, scoping, matching, export.
import type { MatchQuery, MatchVerdict, Outcome, ReferenceOutcome, ScopeVerdict } from '../model/decisions.ts';
import { shownQuery } from '../matching/match.ts';
import type { ObjectError } from '../model/errors.ts';
import type { ProvisioningResult, ProvisioningStep } from '../model/log.ts';
import type { SourceObject } from '../model/source-object.ts';
import { doneWords, outOfScopeWords, reasonWords, skipWords } from './log-words.ts';

export function importStep(object: SourceObject, name: string): ProvisioningStep {
  const deleted =
    object.presence === 'live'
      ? ''
      : `, which was ${object.presence === 'soft-deleted' ? 'deleted' : 'permanently deleted'} there`;
  const enabled = object.attributes['accountEnabled'];
  return {
    name: 'EntryImport',
    provisioningStepType: 'import',
    status: 'success',
    description: `Read ${object.type} '${name}' from the directory${deleted}.`,
    details: { objectId: object.id, ...(typeof enabled === 'boolean' ? { accountEnabled: truth(enabled) } : {}) },
  };
}

const truth = (value: boolean): string => (value ? 'True' : 'False');

export function scopingStep(object: SourceObject, name: string, scope: ScopeVerdict): ProvisioningStep {
  const { active, assigned, assignedBy = [], passedFilter, filterResults } = scope.facts;
  return {
    name: 'EntrySynchronizationScoping',
    provisioningStepType: 'scoping',
    status: scope.in === true ? 'success' : 'skipped',
    description: `${object.type} '${name}' is ${scopeWords(scope)}.`,
    details: {
      IsActive: truth(active),
      Assigned: truth(assigned),
      ...(assignedBy.length === 0 ? {} : { AssignedBy: assignedBy.slice(0, MOST_ASSIGNMENTS).join('; ') }),
      IsEffectivelyEntitledForProvisioning: truth(scope.in === true || assigned),
      IsInProvisioningScopeDisplayName: truth(passedFilter),
      ScopeEvaluationResult: JSON.stringify(
        Object.fromEntries(Object.entries(filterResults).map(([k, v]) => [k, truth(v)])),
      ),
    },
  };
}

const MOST_ASSIGNMENTS = 20;

function scopeWords(scope: ScopeVerdict): string {
  if (scope.in === 'ignored') return 'left alone: it does not pass the input filter';
  if (!scope.in) return `not in scope: ${outOfScopeWords[scope.because]}`;
  if (scope.because === 'sync-all') return 'in scope: all users and groups are synchronized';
  const [by] = scope.facts.assignedBy ?? [];
  return `in scope: it is assigned to the application${by === undefined || by === 'itself' ? '' : ` by ${by}`}`;
}

/** No step when the target was not asked and no link was used. */
export function matchingSteps(match: MatchVerdict, queries: readonly MatchQuery[]): readonly ProvisioningStep[] {
  const step = (
    status: ProvisioningResult,
    description: string,
    details: Record<string, string> = {},
  ): readonly ProvisioningStep[] => [
    { name: 'EntryMatching', provisioningStepType: 'matching', status, description, details },
  ];
  const asked = queries.map(queryWords).join(', then ');
  switch (match.kind) {
    case 'linked':
      return step('success', `Linked to account ${match.link.targetId}; no look-up was needed.`, {
        targetId: match.link.targetId,
      });
    case 'matched':
      return step('success', `Found account ${match.resource.id} by ${queryWords(match.by)}.`, {
        targetId: match.resource.id,
      });
    case 'unmatched':
      return queries.length === 0 ? [] : step('success', `No account was found by ${asked}.`);
    case 'ambiguous':
      return step('failure', `Several accounts were found by ${queryWords(match.by)}.`, {
        candidates: match.candidates.join(', '),
      });
    case 'unknown':
      return step('failure', `The application could not say whether there is an account: ${match.error.message}`);
  }
}

const queryWords = (query: MatchQuery): string => `${query.targetPath} = '${shownQuery(query)}'`;

export function exportStep(outcome: Outcome, targetId: string | null): ProvisioningStep {
  const { action } = outcome;
  if (action.kind === 'skip') return decisionStep('skipped', skipWords[action.because], { SkipReason: action.because });
  if (action.kind === 'refuse') return decisionStep('failure', action.error.message, errorDetails(action.error));
  const account = targetId === null ? 'The account' : `Account ${targetId}`;
  const { name, because } = { name: exportNames[action.kind], because: reasonWords(action) };
  const step = (status: ProvisioningResult, words: string, details: Record<string, string> = {}): ProvisioningStep => ({
    name,
    provisioningStepType: 'export',
    status,
    description: `${account} ${words}`,
    details,
  });
  const verb = doneWords[action.kind];
  switch (outcome.kind) {
    case 'applied':
      return step('success', `was ${verb}, because ${because}.`);
    case 'planned':
      return step('skipped', `would be ${verb}, because ${because}; this was a what-if.`);
    case 'held':
      return step('warning', `is not ${verb} until it is approved. ${outcome.why} It was planned because ${because}.`);
    case 'postponed':
      return step('skipped', `will be ${verb} by the next cycle, because ${because} meanwhile.`);
    case 'failed':
      return step('failure', `was not ${verb}: ${outcome.error.message}`, errorDetails(outcome.error));
    case 'skipped':
      return step('skipped', `was not ${verb}.`);
  }
}

/** What the application does not offer to change is told beside what was changed. */
export const withheldSteps = ({ action }: Outcome): readonly ProvisioningStep[] =>
  action.kind === 'update' && (action.withheld ?? []).length > 0
    ? [decisionStep('skipped', skipWords.GroupRenameNotSupported, { SkipReason: 'GroupRenameNotSupported' })]
    : [];

const exportNames = {
  create: 'EntryExportAdd',
  update: 'EntryExportUpdate',
  disable: 'EntryExportUpdate',
  restore: 'EntryExportUpdate',
  delete: 'EntryExportDelete',
} as const;

const decisionStep = (
  status: 'skipped' | 'failure',
  description: string,
  details: Record<string, string>,
): ProvisioningStep => ({
  name: status === 'skipped' ? 'EntrySynchronizationSkip' : 'EntrySynchronizationError',
  provisioningStepType: 'processing',
  status,
  description,
  details,
});

const errorDetails = ({ code, attribute, status, detail }: ObjectError): Record<string, string> => ({
  ErrorCode: code,
  ...(attribute === undefined ? {} : { Attribute: attribute }),
  ...(status === undefined ? {} : { StatusCode: String(status) }),
  ...(detail === undefined ? {} : { Response: detail }),
});

/** What was written of an owner's references, what waits for accounts of their own, and what was refused. */
export function referenceSteps(outcome: ReferenceOutcome, owner: string, dryRun: boolean): readonly ProvisioningStep[] {
  const { attribute, added, removed, pending, refused } = outcome;
  const failure = outcome.error ?? outcome.refusal;
  const steps: ProvisioningStep[] = [];
  if (pending.count > 0)
    steps.push({
      name: 'EntryReferenceResolution',
      provisioningStepType: 'referenceResolution',
      status: 'warning',
      description: `${String(pending.count)} of ${attribute} of '${owner}' have no account yet; they are written as soon as they have one.`,
      details: { Pending: pending.first.join(', ') },
    });
  if (outcome.held !== null)
    steps.push({
      name: 'EntryExportUpdate',
      provisioningStepType: 'export',
      status: 'warning',
      description: `${String(outcome.held.members.count)} of ${attribute} of '${owner}' are not removed until that is approved. ${outcome.held.why}`,
      details: { Held: outcome.held.members.first.join(', ') },
    });
  if (added.count + removed.count > 0 || failure !== null)
    steps.push({
      name: 'EntryExportUpdate',
      provisioningStepType: 'export',
      status: failure !== null ? 'failure' : dryRun ? 'skipped' : 'success',
      description: `${attribute} of '${owner}': ${countWords(outcome)}${dryRun ? '; this was a what-if' : ''}.${failure === null ? '' : ` ${failure.message}`}`,
      details: {
        ...(refused.count === 0 ? {} : { Refused: refused.first.join(', ') }),
        ...(failure === null ? {} : errorDetails(failure)),
      },
    });
  return steps;
}

function countWords({ added, removed, refused, unfinished }: ReferenceOutcome): string {
  const counts = `${String(added.count)} added, ${String(removed.count)} removed`;
  const refusals = refused.count === 0 ? '' : `, ${String(refused.count)} refused and tried again by themselves`;
  return `${counts}${refusals}${unfinished ? '; the rest follows in the next cycle' : ''}`;
}
