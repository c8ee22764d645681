// Which warning about an expiry is due: the closest one, so that who is late is not told three times at once.
import { expiryWarnings } from '../model/job-events.ts';
import type { ExpiryWarning } from '../model/job-events.ts';

const DAY_MS = 86_400_000;

/** `null` while there is time. What has expired already gets the last warning. */
export function warningDue(at: Date, now: Date): ExpiryWarning | null {
  const daysLeft = (at.getTime() - now.getTime()) / DAY_MS;
  return expiryWarnings.toReversed().find((days) => daysLeft <= days) ?? null;
}
