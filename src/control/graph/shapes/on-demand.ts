// The answer to provisionOnDemand: two JSON documents as texts, in the words and the capitals that Graph uses there.
import type { OnDemandResult } from '../../../cycle/use-cases/provision-on-demand.ts';
import type { JsonObject } from '../../../rules/model/json.ts';
import type { LogEntry, LogIdentity, ProvisioningStep } from '../../../rules/model/log.ts';

/** `members` of a group stand beside the record of the group, each as a record of its own. */
export function onDemandShape({ entries, members }: OnDemandResult): JsonObject {
  const record = recordOf(entries);
  return {
    key: JSON.stringify(verdictOf(worst(entries))),
    value: JSON.stringify(members.length === 0 ? record : { ...record, members: members.map(recordOf) }),
  };
}

/** A failed reference is the failure of the whole; a change of a reference is a success of the whole. */
const order = ['failure', 'warning', 'success', 'skipped'] as const;
const worst = (entries: readonly LogEntry[]): LogEntry =>
  entries.toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status))[0] ?? raise();
const raise = (): never => {
  throw new Error('a result without its subject is refused before');
};

function verdictOf({ status, error, steps }: LogEntry): JsonObject {
  const skip = steps.findLast(({ details }) => details['SkipReason'] !== undefined);
  const details =
    error !== null
      ? { errorCode: error.errorCode, errorMessage: error.reason }
      : status === 'skipped' && skip !== undefined
        ? { errorCode: skip.details['SkipReason'] ?? '', errorMessage: skip.description }
        : {};
  return { result: capital(status), details };
}

function recordOf(all: readonly LogEntry[]): JsonObject {
  const [entry = raise(), ...references] = all;
  const { activityDateTime: at, durationInMilliseconds: took, error } = entry;
  return {
    action: capital(entry.provisioningAction),
    changeId: entry.changeId,
    startTime: new Date(at.getTime() - took).toISOString(),
    endTime: (references.at(-1) ?? entry).activityDateTime.toISOString(),
    reportableIdentifier:
      entry.targetIdentity.displayName === '' ? entry.sourceIdentity.displayName : entry.targetIdentity.displayName,
    modifiedProperties: all.flatMap((each) => each.modifiedProperties.map((property) => ({ ...property }))),
    provisioningSteps: all.flatMap((each) => each.steps.map((step) => stepOf(step, each.activityDateTime))),
    statusInfo: {
      status: capital(entry.status),
      errorCode: error?.errorCode ?? null,
      reason: error?.reason ?? null,
      additionalDetails: error?.additionalDetails ?? null,
      errorCategory: error === null ? null : capital(error.errorCategory),
      recommendedAction: error?.recommendedAction ?? null,
    },
    sourceIdentity: identityOf(entry.sourceIdentity),
    sourceSystem: { id: null, name: 'Azure Active Directory', details: null },
    targetIdentity: identityOf(entry.targetIdentity),
    targetSystem: { id: null, name: entry.servicePrincipal.displayName, details: null },
  };
}

const stepOf = (
  { name, provisioningStepType, status, description, details }: ProvisioningStep,
  at: Date,
): JsonObject => ({
  name,
  type: capital(provisioningStepType),
  status: capital(status),
  description,
  timestamp: at.toISOString(),
  details: { ...details },
});

const identityOf = ({ id, displayName, identityType }: LogIdentity): JsonObject => ({
  id: id === '' ? null : id,
  type: identityType,
  displayName: displayName === '' ? null : displayName,
  details: null,
});

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
