// One entry of the provisioning log (Graph's provisioningObjectSummary) from the decisions about one object.
import type {
  AttributeChange,
  MatchQuery,
  MatchVerdict,
  Outcome,
  ReferenceOutcome,
  ScopeVerdict,
} from '../model/decisions.ts';
import { REDACTED } from '../mapping/redact.ts';
import { MOST_TOLD } from '../model/id-tally.ts';
import type { Json } from '../model/json.ts';
import type { LogEntry, LogError, ModifiedProperty, ProvisioningResult } from '../model/log.ts';
import type { ObjectType, SourceObject } from '../model/source-object.ts';
import { identity, logError, notice, valueText } from './log-parts.ts';
import { exportStep, importStep, matchingSteps, referenceSteps, scopingStep, withheldSteps } from './log-steps.ts';
import { logActions, skipWords } from './log-words.ts';

/** What all entries of a run share, and the ids and times of this one. */
export interface LogFrame {
  readonly id: string;
  readonly changeId: string;
  readonly at: Date;
  readonly durationInMilliseconds: number;
  readonly tenantId: string;
  readonly jobId: string;
  readonly cycleId: string;
  readonly dryRun: boolean;
  readonly servicePrincipal: { readonly id: string; readonly displayName: string };
  /** Name of the target directory. */
  readonly targetSystem: string;
}
export interface ObjectLog extends LogFrame {
  readonly candidate: { readonly object: SourceObject };
  readonly rule: { readonly targetObjectName: string };
  readonly scope: ScopeVerdict;
  readonly match: MatchVerdict;
  /** What was to be asked of the target; empty when it needed no look-up. */
  readonly queries: readonly MatchQuery[];
  readonly outcome: Outcome;
}

export function logEntry(input: ObjectLog): LogEntry {
  const {
    candidate: { object },
    outcome,
    rule,
    scope,
    match,
    queries,
  } = input;
  const { action } = outcome;
  const targetId = targetIdOf(outcome);
  return {
    ...entryFrame(input),
    provisioningAction: outcome.kind === 'held' ? 'stagedDelete' : logActions[action.kind],
    status: statusOf(outcome),
    error: errorOf(outcome),
    sourceIdentity: identity(object.id, action.displayName, object.type, principalName(object)),
    targetIdentity: identity(targetId ?? '', targetId === null ? '' : action.displayName, rule.targetObjectName),
    steps: [
      importStep(object, action.displayName),
      scopingStep(object, action.displayName, scope),
      ...matchingSteps(match, queries),
      ...withheldSteps(outcome),
      exportStep(outcome, targetId),
    ],
    modifiedProperties: 'changes' in action ? action.changes.map(modifiedProperty) : [],
  };
}

export interface ReferenceLog extends LogFrame {
  readonly outcome: ReferenceOutcome;
  /** Type and account of the owner: the group, or the user whose manager it is. */
  readonly type: ObjectType;
  readonly displayName: string;
  readonly targetId: string;
}

/** Members of a group, or the manager of a user. Large groups are told by number, with the first members by id. */
export function referenceLogEntry(input: ReferenceLog): LogEntry {
  const { outcome, type, displayName, targetId } = input;
  const failure = outcome.error ?? outcome.refusal;
  return {
    ...entryFrame(input),
    provisioningAction: outcome.held === null ? 'update' : 'stagedDelete',
    status: referenceStatus(input),
    error: failure === null ? heldNotice(outcome.held) : logError(failure),
    sourceIdentity: identity(outcome.ownerId, displayName, type),
    targetIdentity: identity(targetId, displayName, type),
    steps: referenceSteps(outcome, displayName, input.dryRun),
    modifiedProperties: [
      ...outcome.removed.first.map((id) => ({ displayName: outcome.attribute, oldValue: id, newValue: null })),
      ...outcome.added.first.map((id) => ({ displayName: outcome.attribute, oldValue: null, newValue: id })),
    ].slice(0, MOST_TOLD),
  };
}

function referenceStatus({ outcome, dryRun }: ReferenceLog): ProvisioningResult {
  if ((outcome.error ?? outcome.refusal) !== null) return 'failure';
  if (dryRun) return 'skipped';
  return outcome.pending.count > 0 || outcome.held !== null ? 'warning' : 'success';
}

const entryFrame = (frame: LogFrame) => ({
  id: frame.id,
  changeId: frame.changeId,
  cycleId: frame.cycleId,
  jobId: frame.jobId,
  tenantId: frame.tenantId,
  activityDateTime: frame.at,
  durationInMilliseconds: frame.durationInMilliseconds,
  servicePrincipal: frame.servicePrincipal,
});

function principalName({ attributes }: SourceObject): Readonly<Record<string, string>> {
  const { userPrincipalName } = attributes;
  return typeof userPrincipalName === 'string' ? { userPrincipalName } : {};
}

function targetIdOf(outcome: Outcome): string | null {
  if (outcome.kind === 'applied' && outcome.targetId !== null) return outcome.targetId;
  return 'targetId' in outcome.action ? outcome.action.targetId : null;
}

function statusOf(outcome: Outcome): ProvisioningResult {
  if (outcome.action.kind === 'refuse') return 'failure';
  switch (outcome.kind) {
    case 'applied':
      return 'success';
    case 'skipped':
    case 'planned':
    case 'postponed':
      return 'skipped';
    case 'held':
      return 'warning';
    case 'failed':
      return 'failure';
  }
}

function errorOf(outcome: Outcome): LogError | null {
  const { action } = outcome;
  if (outcome.kind === 'failed') return logError(outcome.error);
  if (action.kind === 'refuse') return logError(action.error);
  if (action.kind === 'skip') return notice(action.because, skipWords[action.because], null);
  return outcome.kind === 'held' ? heldNotice(outcome) : null;
}

/** What to do about what is held. */
const HELD_REMEDY =
  "Look at what is held ('provisor deletions list'). If it is meant, approve it; if not, repair assignments, filters or the directory: who is in scope again is released by the next cycle.";

const heldNotice = (held: { readonly why: string } | null): LogError | null =>
  held && notice('TooManyDeletes', `${held.why} Nobody loses anything until somebody approves it.`, HELD_REMEDY);

/** A change as it may be shown. */
export const modifiedProperty = ({ path, before, after, redacted }: AttributeChange): ModifiedProperty => {
  const shown = (value: Json): string | null =>
    redacted !== undefined && value !== null ? REDACTED : valueText(value);
  return { displayName: path, oldValue: shown(before), newValue: shown(after) };
};
