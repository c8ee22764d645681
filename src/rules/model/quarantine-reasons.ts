// What each reason of a quarantine means, and what to do about it. docs/operations.md has a procedure for each of them.
import type { QuarantineReason } from './job.ts';

interface ReasonFacts {
  /** What happened, one sentence. */
  readonly meaning: string;
  /** What an administrator should do, one sentence. */
  readonly remedy: string;
}

export const quarantineReasonFacts = {
  EncounteredBaseEscrowThreshold: {
    meaning: 'More users and groups fail than the job tolerates.',
    remedy: 'See by which errors they fail, mend the most frequent cause, and start the job again.',
  },
  EncounteredTotalEscrowThreshold: {
    meaning: 'More users, groups and references fail than the job tolerates.',
    remedy: 'See by which errors they fail, mend the most frequent cause, and start the job again.',
  },
  EncounteredEscrowProportionThreshold: {
    meaning: 'Too large a share of what the cycle tried has failed.',
    remedy:
      'Look for the one cause that most failures share: a mapping, a right of the credentials, or the application.',
  },
  EncounteredQuarantineException: {
    meaning: 'The application or the directory could not be used at all.',
    remedy: 'Mend what the error names; the job tries again by itself, and at once when it is started.',
  },
  Unknown: {
    meaning: 'The job was put into quarantine for a reason that is not recorded.',
    remedy: 'Read the last cycles and the log of the worker, then start the job.',
  },
  QuarantinedOnDemand: {
    meaning: 'Somebody put the job into quarantine.',
    remedy: 'The audit log says who did, and why; start the job when that is settled.',
  },
  TooManyDeletes: {
    meaning:
      'The cycle planned more disables and deletes than the job allows; they are held, and everything else goes on.',
    remedy:
      'Look at what is held: approve it if it is meant, else repair assignments and filters; what is in scope again is released.',
  },
  IngestionInterrupted: {
    meaning: 'The directory could not be read to the end, so nothing was deprovisioned.',
    remedy: 'Check that the directory can be reached; the next cycle reads again.',
  },
} as const satisfies Record<QuarantineReason, ReasonFacts>;
