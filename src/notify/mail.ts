// Mail over any SMTP server. A password goes over TLS only, except to this machine.
import { createTransport } from 'nodemailer';
import type { Message } from '../rules/notifications/message.ts';
import { htmlBody, textBody } from './mail-body.ts';

export interface MailSettings {
  /** smtp://user:password@host:587 (STARTTLS) or smtps://…:465; `?tls=required` or `?tls=never` for smtp. */
  readonly smtpUrl: string;
  readonly from: string;
}
export interface MailSender {
  /** Throws an Error whose message says why, when the server does not take the mail for this recipient. */
  send(recipient: string, message: Message): Promise<void>;
}

/** Of silence, at each step of the conversation. */
const PATIENCE_MS = 15_000;

export function openMail({ smtpUrl, from }: MailSettings): MailSender {
  const transport = createTransport(smtpOptions(smtpUrl));
  const domain = /@([^\s>]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
  return {
    async send(recipient, message) {
      await transport.sendMail({
        from,
        to: { name: '', address: recipient },
        subject: message.subject,
        text: textBody(message),
        html: htmlBody(message),
        date: message.at,
        messageId: `<${message.id}@${domain}>`,
        // Keeps out-of-office replies from answering.
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    },
  };
}

function smtpOptions(smtpUrl: string) {
  const url = new URL(smtpUrl);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secure = url.protocol === 'smtps:';
  const auth = url.username === '' ? {} : { auth: { user: decode(url.username), pass: decode(url.password) } };
  const local = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);
  const tls = url.searchParams.get('tls');
  return {
    host,
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    ...auth,
    requireTLS: !secure && (tls === 'required' || (url.username !== '' && !local)),
    ignoreTLS: !secure && tls === 'never',
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  };
}
const decode = decodeURIComponent;
