// The provisioning log as it grows: one line for each entry, without its steps.
import type { ProvisioningAction, ProvisioningResult } from './log.ts';

export interface LogLine {
  readonly id: string;
  readonly at: Date;
  readonly jobId: string;
  readonly cycleId: string;
  readonly action: ProvisioningAction;
  readonly status: ProvisioningResult;
  readonly errorCode: string | null;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly targetId: string;
  readonly targetName: string;
}
export interface FeedPage {
  readonly lines: readonly LogLine[];
  /** Where the next page begins; the same as before when there is nothing new. */
  readonly place: string;
}
