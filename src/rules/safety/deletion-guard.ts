// Accidental deletion prevention: all leavers of a cycle are judged as a whole, before the first of them loses anything.
// Within every limit all pass; beyond one of them all are held until somebody approves them.
import type { Deprovisioning } from '../model/decisions.ts';
import type { HeldBefore, Judgement, LeaversVerdict } from '../model/held.ts';
import { jobSetting } from '../model/job-settings.ts';
import type { JobSettingName, Settings } from '../model/job-settings.ts';
import type { ObjectType } from '../model/source-object.ts';

/** Accounts of one type. */
export interface Leavers {
  /** To be disabled or deleted in this cycle, and not held by an earlier one. */
  readonly fresh: number;
  readonly linked: number;
  /** Disabled or deleted in the last 24 hours, and in the last 7 days, without anybody's approval. */
  readonly lastDay: number;
  readonly lastWeek: number;
}

/** The first limit that is exceeded decides; a setting that is off is no limit. */
export function judgeLeavers(type: ObjectType, leavers: Leavers, settings: Settings): LeaversVerdict {
  if (leavers.fresh === 0 || !jobSetting(settings, 'QuarantineTooManyDeletes')) return { kind: 'pass' };
  const exceeded = limits(type, leavers, settings).find(({ count, most }) => most !== null && count > most);
  if (exceeded === undefined) return { kind: 'pass' };
  const { because, said, setting } = exceeded;
  return { kind: 'hold', because, why: `${said}, which is more than ${setting} allows.` };
}

const limits = (type: ObjectType, { fresh, linked, lastDay, lastWeek }: Leavers, settings: Settings) => {
  const many = (count: number): string => `${String(count)} ${type === 'User' ? 'users' : 'groups'}`;
  const limit = (
    because: Extract<LeaversVerdict, { kind: 'hold' }>['because'],
    setting: LimitName,
    count: number,
    said: string,
  ) => ({
    because,
    count,
    said,
    most: jobSetting(settings, setting),
    setting: `${setting} (${settings[setting] ?? String(jobSetting(settings, setting))})`,
  });
  const aboveFloor = fresh > (jobSetting(settings, 'QuarantineTooManyDeletesFloor') ?? 0);
  return [
    limit(
      'per-cycle',
      'QuarantineTooManyDeletesThreshold',
      fresh,
      `One cycle was to disable or delete the accounts of ${many(fresh)}`,
    ),
    limit(
      'share',
      'QuarantineTooManyDeletesShare',
      aboveFloor ? percent(fresh, linked) : 0,
      `One cycle was to disable or delete the accounts of ${many(fresh)}, ${String(Math.round(percent(fresh, linked)))} % of those with an account`,
    ),
    limit(
      'per-day',
      'QuarantineTooManyDeletesPerDay',
      lastDay + fresh,
      `The accounts of ${many(lastDay + fresh)} were to be disabled or deleted within 24 hours, ${String(fresh)} of them in this cycle`,
    ),
    limit(
      'per-week',
      'QuarantineTooManyDeletesPerWeek',
      lastWeek + fresh,
      `The accounts of ${many(lastWeek + fresh)} were to be disabled or deleted within 7 days, ${String(fresh)} of them in this cycle`,
    ),
  ];
};
type LimitName = Extract<JobSettingName, `QuarantineTooManyDeletes${'Threshold' | 'Share' | 'PerDay' | 'PerWeek'}`>;

/** More can leave than are linked: an account whose creation was never answered. */
const percent = (part: number, whole: number): number => (100 * part) / Math.max(part, whole, 1);

export type Standing =
  | { readonly kind: 'pass' }
  | { readonly kind: 'hold'; readonly why: string }
  /** All leavers were judged before it became one: the next cycle judges it. */
  | { readonly kind: 'postpone' };

/** What becomes of one disable or delete. `judgement` is null wherever leavers are not judged: nothing is taken away there. */
export function standingOf(action: Deprovisioning, held: HeldBefore | null, judgement: Judgement | null): Standing {
  if (judgement === null) return { kind: 'postpone' };
  if (held === null || held.decision === 'rejected') return judgement[action.type];
  // An approval is for what was shown: that of a disable does not delete.
  if (held.decision === 'approved' && held.action === action.kind) return { kind: 'pass' };
  return { kind: 'hold', why: held.why };
}

/** Whether it counts against the limits of this cycle. */
export const isFresh = (held: HeldBefore | null): boolean => held === null || held.decision === 'rejected';

/** A rejection stands as long as the same is to be done for the same reason. */
export const isRejected = (held: HeldBefore | null, { kind, because }: Deprovisioning): boolean =>
  held?.decision === 'rejected' && held.action === kind && held.because === because;
