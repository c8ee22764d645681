// Linked accounts that turn out to be gone in the course of a cycle.
import { SystemError } from '../rules/model/errors.ts';
import type { Candidate } from '../rules/model/records.ts';
import type { Deps } from './ports.ts';
import type { RunContext } from './run-context.ts';

/** Throws SystemError when all pages of the cycle together saw more than can be accidents: nothing more is made anew then. */
export async function countGone(deps: Deps, { gone, cycle, connection }: RunContext, more: number): Promise<void> {
  if (more === 0 || gone.most === null) return;
  const count = more + (await deps.cycles.countGone(cycle.id, more));
  if (count <= gone.most) return;
  throw new SystemError(
    'SystemForCrossDomainIdentityManagementServiceIncompatible',
    `${String(count)} linked accounts are gone from the application at ${placeOf(connection.baseAddress)}, and InvalidAnchorMost allows to make ${String(gone.most)} anew in a cycle. The last of them were not made anew. Check that the tenant URL still leads to the same application; if its accounts are really lost, restart with ConnectorDataStore to match and create everybody again.`,
  );
}

/** How messages name the application: without query, where a key might hide. */
const placeOf = (address: string): string => address.replace(/[?#].*$/, '');

/** As if it had never been linked. */
export function withoutLink(candidate: Candidate): Candidate {
  const { unsure, ...known } = candidate;
  return unsure === undefined && candidate.link === null ? candidate : { ...known, link: null };
}
