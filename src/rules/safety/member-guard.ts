// Members that a group is to lose: beyond a share of them within a day, their removal is held while additions go on.
import type { HeldDecision } from '../model/held.ts';
import { jobSetting } from '../model/job-settings.ts';
import type { Settings } from '../model/job-settings.ts';

/** Members of one group. */
export interface MemberLosses {
  /** To be removed now. */
  readonly removals: number;
  /** As last written, those to be removed included. */
  readonly members: number;
  /** Removed in the last 24 hours without anybody's approval. */
  readonly lastDay: number;
  readonly held: { readonly decision: HeldDecision; readonly count: number; readonly why: string } | null;
}
export type MembersStanding =
  | { readonly kind: 'pass' }
  | { readonly kind: 'hold'; readonly why: string }
  /** An administrator rejected the removal: they stay. */
  | { readonly kind: 'keep' };

/** A decision is for so many members as were shown; what is held without one stays held. */
export function standingOfMembers(losses: MemberLosses, settings: Settings): MembersStanding {
  const { removals, held } = losses;
  if (removals === 0) return { kind: 'pass' };
  if (held?.decision === 'waiting') return { kind: 'hold', why: held.why };
  if (held !== null && removals <= held.count) return { kind: held.decision === 'approved' ? 'pass' : 'keep' };
  return judgeMembers(losses, settings);
}

function judgeMembers({ removals, members, lastDay }: MemberLosses, settings: Settings): MembersStanding {
  const most = jobSetting(settings, 'QuarantineTooManyDeletesMembersShare');
  const floor = jobSetting(settings, 'QuarantineTooManyDeletesMembersFloor') ?? 0;
  const lost = removals + lastDay;
  if (!jobSetting(settings, 'QuarantineTooManyDeletes') || most === null || lost <= floor) return { kind: 'pass' };
  const share = (100 * lost) / Math.max(members + lastDay, lost);
  if (share <= most) return { kind: 'pass' };
  return {
    kind: 'hold',
    why: `The group was to lose ${String(lost)} members within 24 hours, ${String(Math.round(share))} % of them, which is more than QuarantineTooManyDeletesMembersShare (${String(most)}) allows.`,
  };
}
