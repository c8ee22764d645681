// One record of the provisioning log, in the shape of Graph's provisioningObjectSummary.
import type { JsonObject } from './json.ts';

export type ProvisioningAction = 'other' | 'create' | 'delete' | 'disable' | 'update' | 'stagedDelete';
export type ProvisioningResult = 'success' | 'failure' | 'skipped' | 'warning';
export type StepType = 'import' | 'scoping' | 'matching' | 'processing' | 'referenceResolution' | 'export';

export interface ProvisioningStep {
  readonly name: string;
  readonly provisioningStepType: StepType;
  readonly status: ProvisioningResult;
  readonly description: string;
  readonly details: Readonly<Record<string, string>>;
}
export interface ModifiedProperty {
  readonly displayName: string;
  readonly oldValue: string | null;
  readonly newValue: string | null;
}
export interface LogIdentity {
  readonly id: string;
  readonly displayName: string;
  readonly identityType: string;
  readonly details: Readonly<Record<string, string>>;
}
export interface LogError {
  readonly errorCode: string;
  readonly reason: string;
  readonly errorCategory: 'failure' | 'nonServiceFailure' | 'success';
  readonly additionalDetails: string | null;
  readonly recommendedAction: string | null;
}
export interface LogEntry {
  readonly id: string;
  readonly activityDateTime: Date;
  readonly tenantId: string;
  readonly jobId: string;
  readonly cycleId: string;
  readonly changeId: string;
  readonly servicePrincipal: { readonly id: string; readonly displayName: string };
  readonly provisioningAction: ProvisioningAction;
  readonly status: ProvisioningResult;
  readonly error: LogError | null;
  readonly durationInMilliseconds: number;
  readonly sourceIdentity: LogIdentity;
  readonly targetIdentity: LogIdentity;
  readonly steps: readonly ProvisioningStep[];
  readonly modifiedProperties: readonly ModifiedProperty[];
}

/** Who did what to the configuration: every administrative act. */
export interface AuditEntry {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly activity: string;
  readonly jobId: string | null;
  readonly servicePrincipalId: string | null;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  /** Where it was asked from, as far as that is known. */
  readonly ipAddress?: string;
}
