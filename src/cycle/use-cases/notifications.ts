// What people were told, and whether they can be told: the list of notifications and a test message.
import type { Address, NotificationWithDeliveries } from '../../rules/model/notifications.ts';
import { ConfigError } from '../../rules/model/errors.ts';
import type { Job } from '../../rules/model/job.ts';
import { testMessage } from '../../rules/notifications/message.ts';
import { addressesFor } from '../notifications/addresses.ts';
import { aboutJob } from '../notifications/deliver.ts';
import type { UseCaseDeps } from './deps.ts';

/** Newest first. */
export const listNotifications = (deps: UseCaseDeps, limit: number): Promise<readonly NotificationWithDeliveries[]> =>
  deps.events.list(limit);

export interface TestResult extends Address {
  /** Why it was not accepted; `null` when it was. */
  readonly error: string | null;
}

/** Sends a message now to everybody who is told about the job, or about the installation. Throws ConfigError when that is nobody. */
export async function sendTest(deps: UseCaseDeps, job: Job | null): Promise<readonly TestResult[]> {
  const addresses = await addressesFor(deps, job);
  if (addresses.length === 0)
    throw new ConfigError(
      'NobodyToTell',
      'Nobody would be told: set SMTP_URL, PROVISOR_MAIL_FROM and PROVISOR_MAIL_TO, or PROVISOR_WEBHOOK_URLS, and start Provisor again.',
      'PROVISOR_MAIL_TO',
    );
  const message = testMessage(deps.newId(), deps.clock.now(), await aboutJob(deps, job));
  return Promise.all(
    addresses.map(async (address) => ({ ...address, error: await deps.channels.send(address, message) })),
  );
}
