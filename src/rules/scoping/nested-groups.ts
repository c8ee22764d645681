// Groups in groups: Entra looks at direct members only; a job may follow nested groups down instead.
import type { Job } from '../model/job.ts';
import { jobSetting } from '../model/job-settings.ts';

/** Name of the synchronizationJobSetting: `True` follows nested groups. */
export const NESTED_GROUPS = 'NestedGroups';

/**
 * `ended`: followed once and no longer, so that what was written of nested members is taken back. A job that never followed
 * them leaves alone whom somebody else put there.
 */
export type GroupNesting = 'ignored' | 'followed' | 'ended';

export function groupNesting({ settings }: Pick<Job, 'settings'>): GroupNesting {
  if (settings[NESTED_GROUPS] === undefined) return 'ignored';
  return jobSetting(settings, NESTED_GROUPS) ? 'followed' : 'ended';
}
