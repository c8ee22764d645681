// When so much has failed that the target or the mapping must be ill: Entra's three thresholds over what is in escrow.
import type { CycleError, QuarantineReason } from '../model/job.ts';
import { jobSetting } from '../model/job-settings.ts';
import type { Settings } from '../model/job-settings.ts';

/** How a job stands at the end of a cycle. What somebody decided to ignore counts as neither. */
export interface Standing {
  readonly failedObjects: number;
  readonly failedReferences: number;
  /** Linked objects that are not in escrow. */
  readonly good: number;
}
export interface TooManyErrors {
  readonly reason: QuarantineReason;
  readonly error: CycleError;
}

/** `null` = within all thresholds. Reference failures count for the total only. */
export function tooManyErrors(settings: Settings, standing: Standing): TooManyErrors | null {
  const { failedObjects, failedReferences, good } = standing;
  const total = failedObjects + failedReferences;
  if (exceeds(failedObjects, jobSetting(settings, 'BaseEscrowThreshold')))
    return found('EncounteredBaseEscrowThreshold', `${counted(failedObjects)} objects are in error`);
  if (exceeds(total, jobSetting(settings, 'TotalEscrowThreshold')))
    return found('EncounteredTotalEscrowThreshold', `${counted(total)} objects and references are in error`);
  if (!exceedsProportion(settings, failedObjects, good)) return null;
  return found(
    'EncounteredEscrowProportionThreshold',
    `${counted(failedObjects)} of ${counted(failedObjects + good)} objects are in error`,
  );
}

function exceedsProportion(settings: Settings, failed: number, good: number): boolean {
  const floor = jobSetting(settings, 'QuarantineEscrowFloor');
  const percent = jobSetting(settings, 'QuarantineEscrowProportion');
  if (floor === null || percent === null || failed === 0) return false;
  return failed >= floor && failed * 100 > percent * (failed + good);
}

const exceeds = (count: number, limit: number | null): boolean => limit !== null && count > limit;
const counted = (count: number): string => count.toLocaleString('en-US');

const found = (reason: QuarantineReason, what: string): TooManyErrors => ({
  reason,
  error: {
    code: reason,
    message: `${what}, more than the job allows. See their causes with 'provisor escrows causes', repair or ignore them, and start the job again.`,
  },
});
