// Webhooks, signed as the Standard Webhooks specification describes it (https://www.standardwebhooks.com): HMAC-SHA256 over
// `{id}.{timestamp}.{body}`, in base64 behind `v1,`. With several secrets there is one signature for each of them.
import { createHash, createHmac } from 'node:crypto';
import { Agent, request } from 'undici';
import type { Message } from '../rules/notifications/message.ts';

export interface WebhookSettings {
  readonly urls: readonly string[];
  /** Keys as bytes. */
  readonly secrets: readonly Buffer[];
  readonly userAgent: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
export interface WebhookSender {
  /** One for each URL; a name shows where it leads and no more, since the rest of a URL may be a secret. */
  readonly names: readonly string[];
  /** Throws an Error whose message says why, when the receiver does not accept it. */
  send(name: string, message: Message): Promise<void>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 15_000;

export function openWebhooks(settings: WebhookSettings): WebhookSender {
  const urls = new Map(settings.urls.map((url) => [nameOf(url), url]));
  const agent = new Agent({ connect: { timeout: TIMEOUT_MS }, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
  return {
    names: [...urls.keys()],
    async send(name, message) {
      const url = urls.get(name);
      if (url === undefined) throw new Error('PROVISOR_WEBHOOK_URLS names it no more.');
      await post(url, message, settings, agent);
    },
    close: () => agent.close(),
  };
}

const nameOf = (url: string): string =>
  `${new URL(url).origin} (${createHash('sha256').update(url).digest('hex').slice(0, 8)})`;

/** Redirects are not followed: the URL is what the operator has set, and nothing else. */
async function post(url: string, message: Message, settings: WebhookSettings, agent: Agent): Promise<void> {
  const body = JSON.stringify(payloadOf(message));
  const timestamp = String(Math.floor(settings.now() / 1_000));
  const signatures = settings.secrets.map((secret) => signatureOf(secret, `${message.id}.${timestamp}.${body}`));
  const { statusCode, body: answer } = await request(url, {
    method: 'POST',
    dispatcher: agent,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: {
      'content-type': 'application/json',
      'user-agent': settings.userAgent,
      'webhook-id': message.id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signatures.join(' '),
    },
    body,
  });
  await answer.dump();
  if (statusCode < 200 || statusCode > 299) throw new Error(`The receiver answered ${String(statusCode)}.`);
}

const signatureOf = (secret: Buffer, signed: string): string =>
  `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`;

const payloadOf = ({ type, at, data, subject, what, why, todo, link }: Message) => ({
  type: `provisor.${type}`,
  timestamp: at.toISOString(),
  data: { ...data, subject, what, why, todo, link },
});
