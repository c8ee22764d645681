// Parts that all entries of the provisioning log are made of.
import type { ObjectError } from '../model/errors.ts';
import { objectErrors } from '../model/errors.ts';
import type { Json } from '../model/json.ts';
import type { LogError, LogIdentity } from '../model/log.ts';

export const identity = (
  id: string,
  displayName: string,
  identityType: string,
  details: Readonly<Record<string, string>> = {},
): LogIdentity => ({ id, displayName, identityType, details });

/** A failure with what the administrator should do about it. */
export const logError = (error: ObjectError): LogError => ({
  errorCode: error.code,
  reason: error.message,
  errorCategory: 'failure',
  additionalDetails: error.detail ?? null,
  recommendedAction: objectErrors[error.code].remedy,
});

/** A reason that is nobody's failure. */
export const notice = (errorCode: string, reason: string, recommendedAction: string | null): LogError => ({
  errorCode,
  reason,
  errorCategory: 'nonServiceFailure',
  additionalDetails: null,
  recommendedAction,
});

/** A value as a modified property shows it. */
export function valueText(value: Json): string | null {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return JSON.stringify(value);
}
