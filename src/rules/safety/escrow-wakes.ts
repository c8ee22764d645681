// Which event can mend which failure, beside the change of its own source object, which always brings it back. A changed
// mapping has every object evaluated again, and a reference is written as soon as its other end is there.
import type { ObjectErrorCode } from '../model/errors.ts';

/** `credentials`: tenant URL or credentials were saved. `targetBack`: the job left a quarantine for a lost application. */
export type WakeEvent = 'credentials' | 'targetBack';

const transient: readonly WakeEvent[] = ['credentials', 'targetBack'];
/** What the application refuses may be allowed to other credentials, or at another tenant URL. */
const refused: readonly WakeEvent[] = ['credentials'];
/** Nothing at the application mends it. */
const ofTheSource: readonly WakeEvent[] = [];

const wakes: Readonly<Record<ObjectErrorCode, readonly WakeEvent[]>> = {
  AttributeEvaluationFailed: ofTheSource,
  BadRequest: refused,
  Conflict: refused,
  DuplicateTargetEntries: refused,
  DuplicateSourceEntries: ofTheSource,
  EntryBusy: transient,
  ImportSkipped: ofTheSource,
  InsufficientRights: refused,
  InternalServerError: transient,
  InvalidAnchor: transient,
  MandatoryFieldsMissing: ofTheSource,
  MethodNotAllowed: refused,
  NotImplemented: refused,
  SystemForCrossDomainIdentityManagementServiceIncompatible: transient,
  Timeout: transient,
  TooManyRequests: transient,
  UniqueValueNotAvailable: refused,
  UniqueValueNotCheckable: ofTheSource,
  UnableToResolveReferenceAttributeValue: transient,
  UnprocessableEntity: refused,
  WebExceptionProtocolError: transient,
};

export const wokenBy = (event: WakeEvent): readonly ObjectErrorCode[] =>
  (Object.keys(wakes) as ObjectErrorCode[]).filter((code) => wakes[code].includes(event));
