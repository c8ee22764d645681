// The part of a cycle that decides what its phases look at.
import type { ScopeReads } from '../../rules/scoping/scope-reads.ts';

/** What the queries need to know of cycle and job. Versions: `from < version <= to`. */
export interface CycleScope {
  readonly cycleId: string;
  readonly jobId: string;
  readonly tenantId: string;
  readonly servicePrincipalId: string;
  readonly initial: boolean;
  /** Nothing but what was asked for is looked at. */
  readonly onDemand: boolean;
  readonly from: bigint;
  readonly to: bigint;
  /** The time of the cycle: what is due by then is tried again. */
  readonly at: Date;
  /** Nested groups are followed. */
  readonly nested: boolean;
  readonly reads: ScopeReads;
}
