// Graph's provisioningObjectSummary; beta adds `action` and `statusInfo`.
import { z } from 'zod';

const time = z.iso.datetime({ offset: true });
const texts = z.record(z.string(), z.string());
const result = z.enum(['success', 'failure', 'skipped', 'warning']);
const category = z.enum(['failure', 'nonServiceFailure', 'success']);

const identity = z
  .strictObject({ id: z.string(), displayName: z.string(), identityType: z.string(), details: texts })
  .meta({ id: 'provisionedIdentity' });

const system = z
  .strictObject({ id: z.string(), displayName: z.string(), details: texts })
  .meta({ id: 'provisioningSystem' });

const errorInformation = z
  .strictObject({
    errorCode: z.string(),
    reason: z.string(),
    additionalDetails: z.string().nullable(),
    errorCategory: category,
    recommendedAction: z.string().nullable(),
  })
  .meta({ id: 'provisioningErrorInfo' });

const step = z
  .strictObject({
    name: z.string(),
    provisioningStepType: z.enum(['import', 'scoping', 'matching', 'processing', 'referenceResolution', 'export']),
    status: result,
    description: z.string(),
    details: texts,
  })
  .meta({ id: 'provisioningStep' });

const modifiedProperty = z
  .strictObject({ displayName: z.string(), oldValue: z.string().nullable(), newValue: z.string().nullable() })
  .meta({ id: 'modifiedProperty' });

const statusDetails = z.strictObject({
  '@odata.type': z.literal('#microsoft.graph.statusDetails'),
  status: result,
  errorCode: z.string().nullable(),
  reason: z.string().nullable(),
  additionalDetails: z.string().nullable(),
  errorCategory: category.nullable(),
  recommendedAction: z.string().nullable(),
});

export const provisioningObjectSummary = z
  .strictObject({
    id: z.string(),
    activityDateTime: time,
    tenantId: z.string(),
    jobId: z.string(),
    cycleId: z.string(),
    changeId: z.string(),
    provisioningAction: z.enum(['other', 'create', 'delete', 'disable', 'update', 'stagedDelete']),
    durationInMilliseconds: z.int().min(0),
    initiatedBy: z.strictObject({ id: z.string(), displayName: z.string(), initiatorType: z.literal('system') }),
    servicePrincipal: z.strictObject({ id: z.string(), displayName: z.string() }),
    sourceSystem: system,
    targetSystem: system,
    sourceIdentity: identity,
    targetIdentity: identity,
    provisioningStatusInfo: z.strictObject({ status: result, errorInformation: errorInformation.nullable() }),
    provisioningSteps: z.array(step),
    modifiedProperties: z.array(modifiedProperty),
    action: z.string().optional().describe('Only on beta.'),
    statusInfo: statusDetails.optional().describe('Only on beta.'),
  })
  .meta({ id: 'provisioningObjectSummary' });
