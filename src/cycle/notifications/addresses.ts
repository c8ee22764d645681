// To whom an event goes: mail to those whom the job names, else to those of the installation; webhooks get everything.
import type { Job } from '../../rules/model/job.ts';
import type { Address } from '../../rules/model/notifications.ts';
import { recipientsOf } from '../../rules/notifications/mail-addresses.ts';
import type { NotifierDeps } from './deps.ts';

export async function addressesFor(deps: NotifierDeps, job: Job | null): Promise<readonly Address[]> {
  const { recipients, webhooks, mailIsSetUp } = deps.channels;
  const named = job === null ? [] : await namedBy(deps, job);
  const mail = mailIsSetUp ? (named.length > 0 ? named : recipients) : [];
  return [
    ...mail.map((address): Address => ({ channel: 'email', address })),
    ...webhooks.map((address): Address => ({ channel: 'webhook', address })),
  ];
}

/** Secrets that cannot be read keep nobody from being told. */
async function namedBy({ secrets, logger }: NotifierDeps, { id, servicePrincipalId }: Job): Promise<readonly string[]> {
  try {
    return recipientsOf(await secrets.get(servicePrincipalId));
  } catch (error) {
    logger.warn(
      { err: error, jobId: id },
      'SyncNotificationSettings of a job cannot be read; those of PROVISOR_MAIL_TO are told instead',
    );
    return [];
  }
}
