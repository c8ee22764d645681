// When a failed object is tried again: by the retry policy of its error and the settings of the job.
import { objectErrors } from '../model/errors.ts';
import type { NextRetry, RetryDecision } from '../model/escrow.ts';
import { jobSetting } from '../model/job-settings.ts';
import type { Settings } from '../model/job-settings.ts';

const DAY = 86_400;
/** Failures after which it is still taken for a passing one: `soon` covers a page of maintenance. */
const passing = { 'each-cycle': Infinity, 'next-cycle': 1, soon: 2, schedule: 0 } as const;

/** Due at once means: in the next cycle. */
export function nextRetryBy(settings: Settings): NextRetry {
  const schedule = jobSetting(settings, 'EscrowRetrySchedule');
  const giveUpAfter = jobSetting(settings, 'EscrowGiveUpAfter');
  return ({ code }, { attempts, firstFailed, at }) => {
    const { retry } = objectErrors[code];
    if (retry === 'source-change') return { state: 'waiting', nextRetry: null };
    if (giveUpAfter !== null && secondsFrom(firstFailed, at) >= giveUpAfter)
      return { state: 'givenUp', nextRetry: null };
    if (attempts <= passing[retry]) return dueIn(0, at);
    return dueIn(waitAfter(schedule, attempts - passing[retry]), at);
  };
}

/** The schedule counts from the first failure; after its last entry it goes on once a day. */
function waitAfter(schedule: readonly number[], failures: number): number {
  const nth = Math.max(1, failures) - 1;
  const time = schedule[nth];
  return time === undefined ? DAY : time - (schedule[nth - 1] ?? 0);
}

const dueIn = (seconds: number, at: Date): RetryDecision => ({
  state: 'retrying',
  nextRetry: new Date(at.getTime() + seconds * 1000),
});
const secondsFrom = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000;
