// What an HTTP status of a target means for the object that the request was about. One table.
import type { ObjectErrorCode } from '../rules/model/errors.ts';

/** 401 is not here: it is the loss of the target. 404 depends on what was asked for. */
const meanings: Readonly<Record<number, ObjectErrorCode>> = {
  400: 'BadRequest',
  403: 'InsufficientRights',
  404: 'InvalidAnchor',
  405: 'MethodNotAllowed',
  406: 'SystemForCrossDomainIdentityManagementServiceIncompatible',
  408: 'Timeout',
  409: 'Conflict',
  410: 'InvalidAnchor',
  412: 'Conflict',
  413: 'UnprocessableEntity',
  414: 'UnprocessableEntity',
  415: 'SystemForCrossDomainIdentityManagementServiceIncompatible',
  422: 'UnprocessableEntity',
  429: 'TooManyRequests',
  501: 'NotImplemented',
  504: 'Timeout',
};

export function meaningOf(status: number, scimType: string | null): ObjectErrorCode {
  if (status === 400 && scimType === 'uniqueness') return 'Conflict';
  const exact = meanings[status];
  if (exact !== undefined) return exact;
  if (status >= 500) return 'InternalServerError';
  return status >= 400 ? 'BadRequest' : 'SystemForCrossDomainIdentityManagementServiceIncompatible';
}
