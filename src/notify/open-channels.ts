// The ways to reach people that are set up: mail, webhooks, both or none. Fits Channels of the cycle.
import type { Address } from '../rules/model/notifications.ts';
import type { Message } from '../rules/notifications/message.ts';
import { openMail } from './mail.ts';
import type { MailSettings } from './mail.ts';
import { openWebhooks } from './webhook.ts';
import type { WebhookSettings } from './webhook.ts';

export interface ChannelSettings {
  readonly mail: MailSettings | null;
  /** Who gets mail about jobs that name nobody. */
  readonly recipients: readonly string[];
  readonly webhooks: WebhookSettings;
}
export interface OpenChannels {
  readonly recipients: readonly string[];
  readonly webhooks: readonly string[];
  readonly mailIsSetUp: boolean;
  /** `null` when it was accepted, else one sentence that says why not. */
  send(to: Address, message: Message): Promise<string | null>;
  close(): Promise<void>;
}

export function openChannels({ mail, recipients, webhooks }: ChannelSettings): OpenChannels {
  const mailer = mail === null ? null : openMail(mail);
  const hooks = openWebhooks(webhooks);
  const secrets = secretsOf(mail);
  return {
    recipients,
    webhooks: hooks.names,
    mailIsSetUp: mailer !== null,
    async send({ channel, address }, message) {
      try {
        if (channel === 'webhook') await hooks.send(address, message);
        else if (mailer === null) return 'No mail server is set: SMTP_URL is missing.';
        else await mailer.send(address, message);
        return null;
      } catch (error) {
        return reasonOf(error, secrets);
      }
    },
    close: () => hooks.close(),
  };
}

function secretsOf(mail: MailSettings | null): readonly string[] {
  const { password } = new URL(mail?.smtpUrl ?? 'smtp://none');
  return [password, decodeURIComponent(password)].filter((text) => text !== '');
}

const LONGEST_REASON = 500;

/** What others answer may repeat what they were sent. */
function reasonOf(error: unknown, secrets: readonly string[]): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text).slice(0, LONGEST_REASON);
}
