// Graph's provisioningObjectSummary; beta adds `action` and `statusInfo`.
import type { LogEntry, LogError, LogIdentity } from '../../../rules/model/log.ts';
import type { JsonObject } from '../../../rules/model/json.ts';
import type { GraphVersion } from '../../http/headers.ts';

export const SOURCE_SYSTEM = 'Microsoft Entra ID';
export const INITIATOR = { id: '', displayName: 'Azure AD Provisioning Service', initiatorType: 'system' } as const;

export function logEntryShape(entry: LogEntry, version: GraphVersion): JsonObject {
  return {
    id: entry.id,
    activityDateTime: entry.activityDateTime.toISOString(),
    tenantId: entry.tenantId,
    jobId: entry.jobId,
    cycleId: entry.cycleId,
    changeId: entry.changeId,
    provisioningAction: entry.provisioningAction,
    durationInMilliseconds: entry.durationInMilliseconds,
    initiatedBy: INITIATOR,
    servicePrincipal: { ...entry.servicePrincipal },
    sourceSystem: { id: '', displayName: SOURCE_SYSTEM, details: {} },
    targetSystem: {
      id: '',
      displayName: entry.servicePrincipal.displayName,
      details: {
        ServicePrincipalId: entry.servicePrincipal.id,
        ServicePrincipalDisplayName: entry.servicePrincipal.displayName,
      },
    },
    sourceIdentity: identityShape(entry.sourceIdentity),
    targetIdentity: identityShape(entry.targetIdentity),
    provisioningStatusInfo: { status: entry.status, errorInformation: entry.error && errorShape(entry.error) },
    provisioningSteps: entry.steps.map((step) => ({ ...step, details: { ...step.details } })),
    modifiedProperties: entry.modifiedProperties.map((property) => ({ ...property })),
    ...(version === 'beta' ? betaParts(entry) : {}),
  };
}

const identityShape = ({ id, displayName, identityType, details }: LogIdentity): JsonObject => ({
  id,
  displayName,
  identityType,
  details: { ...details },
});

const errorShape = ({
  errorCode,
  reason,
  additionalDetails,
  errorCategory,
  recommendedAction,
}: LogError): JsonObject => ({
  errorCode,
  reason,
  additionalDetails,
  errorCategory,
  recommendedAction,
});

const betaParts = ({ provisioningAction, status, error }: LogEntry): JsonObject => ({
  action: provisioningAction.charAt(0).toUpperCase() + provisioningAction.slice(1),
  statusInfo: {
    '@odata.type': '#microsoft.graph.statusDetails',
    status,
    errorCode: error?.errorCode ?? null,
    reason: error?.reason ?? null,
    additionalDetails: error?.additionalDetails ?? null,
    errorCategory: error?.errorCategory ?? null,
    recommendedAction: error?.recommendedAction ?? null,
  },
});
