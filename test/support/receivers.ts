// Where notifications go in tests: a real SMTP server and a real HTTP receiver, both on loopback.
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { ownCa } from '../../src/control/own-ca.ts';

export interface Received {
  readonly to: readonly string[];
  /** The mail as it came, headers and all. */
  readonly raw: string;
  /** User that signed in; `null` = nobody did. */
  readonly user: string | null;
  readonly secure: boolean;
}
export interface MailServer {
  readonly port: number;
  readonly received: readonly Received[];
  /** Why it refuses a recipient; `null` = it does not. */
  refuse: (recipient: string) => string | null;
  close(): Promise<void>;
}

export async function mailServer(
  options: { readonly user?: string; readonly password?: string } = {},
): Promise<MailServer> {
  const received: Received[] = [];
  const handle: Pick<MailServer, 'refuse'> = { refuse: () => null };
  const server = new SMTPServer({
    authOptional: options.user === undefined,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    ...(await certificate()),
    onAuth({ username, password }, _session, done) {
      const right = username === options.user && password === options.password;
      if (right) done(null, { user: username });
      else done(new Error(`wrong password '${password ?? ''}' for ${username ?? ''}`));
    },
    onRcptTo({ address }, _session, done) {
      const reason = handle.refuse(address);
      done(reason === null ? null : new Error(reason));
    },
    onData(stream, session, done) {
      let raw = '';
      stream.on('data', (chunk: Buffer) => (raw += chunk.toString('utf8')));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        received.push({ to, raw, user: (session.user as string | undefined) ?? null, secure: session.secure });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return Object.assign(handle, {
    port: (server.server.address() as AddressInfo).port,
    received,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}

let made: Promise<{ cert: string; key: string }> | undefined;
/** Of an authority that nobody trusts. */
const certificate = () => (made ??= mkdtemp(join(tmpdir(), 'provisor-mail-')).then(ownCa));

export interface Posted {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}
export interface HookReceiver {
  readonly url: string;
  readonly posted: readonly Posted[];
  /** Status of the answer; `null` = none is ever given. */
  answer: (number: number) => number | null;
  close(): Promise<void>;
}

export async function hookReceiver(): Promise<HookReceiver> {
  const posted: Posted[] = [];
  const handle: Pick<HookReceiver, 'answer'> = { answer: () => 204 };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      posted.push({ headers: request.headers, body });
      const status = handle.answer(posted.length);
      if (status !== null) response.writeHead(status, { location: '/elsewhere' }).end('secret words of the receiver');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(handle, {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hooks/a-secret-path`,
    posted,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

/** The signature as its specification describes it, checked with another implementation of HMAC than the sender's. */
export async function isSigned({ headers, body }: Posted, secret: string): Promise<boolean> {
  const bytes = Uint8Array.from(atob(secret.replace('whsec_', '')), (sign) => sign.charCodeAt(0));
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  const signed = new TextEncoder().encode(
    `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`,
  );
  const signatures = String(headers['webhook-signature']).split(' ');
  const checks = await Promise.all(
    signatures
      .filter((each) => each.startsWith('v1,'))
      .map((each) =>
        crypto.subtle.verify(
          'HMAC',
          key,
          Uint8Array.from(atob(each.slice(3)), (sign) => sign.charCodeAt(0)),
          signed,
        ),
      ),
  );
  return checks.includes(true);
}
