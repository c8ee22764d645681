// Linked accounts that turn out to be gone in the course of a cycle.
import { SystemError } from '../rules/model/errors.ts';
import type { Candidate } from '../rules/model/records.ts';
import type { RunContext } from './run-context.ts';

/** Throws SystemError when it is more than can be accidents: nothing is made anew then. */
export function countGone({ gone, connection }: RunContext, more: number): void {
  gone.count += more;
  if (more === 0 || gone.most === null || gone.count <= gone.most) return;
  throw new SystemError(
    'SystemForCrossDomainIdentityManagementServiceIncompatible',
    `${String(gone.count)} linked accounts are gone from the application at ${placeOf(connection.baseAddress)}, and InvalidAnchorMost allows to make ${String(gone.most)} anew in a cycle. None of these was made anew. Check that the tenant URL still leads to the same application; if its accounts are really lost, restart with ConnectorDataStore to match and create everybody again.`,
  );
}

/** How messages name the application: without query, where a key might hide. */
const placeOf = (address: string): string => address.replace(/[?#].*$/, '');

/** As if it had never been linked. */
export function withoutLink(candidate: Candidate): Candidate {
  const { unsure, ...known } = candidate;
  return unsure === undefined && candidate.link === null ? candidate : { ...known, link: null };
}
