// Groups in groups: Entra looks at direct members only; a job may follow nested groups down instead.
import type { Job } from '../model/job.ts';

/** Name of the synchronizationJobSetting: `True` follows nested groups. */
export const NESTED_GROUPS = 'NestedGroups';

/**
 * `ended`: followed once and no longer, so that what was written of nested members is taken back. A job that never followed
 * them leaves alone whom somebody else put there.
 */
export type GroupNesting = 'ignored' | 'followed' | 'ended';

export function groupNesting({ settings }: Pick<Job, 'settings'>): GroupNesting {
  const value = settings[NESTED_GROUPS];
  if (value === undefined) return 'ignored';
  return value.toLowerCase() === 'true' ? 'followed' : 'ended';
}
