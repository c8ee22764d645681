// Mail over a real SMTP server, webhooks to a real HTTP receiver: what arrives, and what is said when it does not.
import { createHmac } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { openChannels } from '../../src/notify/open-channels.ts';
import type { ChannelSettings, OpenChannels } from '../../src/notify/open-channels.ts';
import type { Message } from '../../src/rules/notifications/message.ts';
import { hookReceiver, isSigned, mailServer } from '../support/receivers.ts';

const closers: (() => Promise<unknown>)[] = [];
const atEnd = <T extends { close(): Promise<unknown> }>(part: T): T => {
  closers.push(() => part.close());
  return part;
};
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const message: Message = {
  id: '0b8c2f0e-0000-4000-8000-000000000001',
  type: 'quarantined',
  at: new Date('2026-03-01T10:00:00Z'),
  subject: '[Provisor] Bücher & Co is in quarantine',
  what: 'Provisioning to <Bücher & Co> is in quarantine.',
  why: 'It answered 401.',
  todo: 'Enter a valid token.',
  link: 'https://provisor.example/api/jobs/x',
  data: { kind: 'quarantined', jobId: 'x' },
};
const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const OLD_SECRET = `whsec_${Buffer.alloc(24, 6).toString('base64')}`;
const keyOf = (secret: string) => Buffer.from(secret.slice(6), 'base64');

function channels(
  settings: Partial<ChannelSettings> & { urls?: readonly string[]; secrets?: readonly string[] },
): OpenChannels {
  const { urls = [], secrets = [SECRET] } = settings;
  return atEnd(
    openChannels({
      mail: settings.mail ?? null,
      recipients: settings.recipients ?? [],
      webhooks: { urls, secrets: secrets.map(keyOf), userAgent: 'Provisor/1', now: () => 1_772_359_200_500 },
    }),
  );
}
const mailTo = (port: number, user = '') =>
  channels({
    mail: { smtpUrl: `smtp://${user}127.0.0.1:${String(port)}?tls=never`, from: 'Provisor <provisor@contoso.com>' },
  });
const decoded = (raw: string): string =>
  raw
    .replace(/=\r?\n/g, '')
    .replace(/((?:=[0-9A-F]{2})+)/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString('utf8'));

describe('mail', () => {
  it('arrives as text and HTML, with its words escaped and a Message-ID that every repetition shares', async () => {
    const server = atEnd(await mailServer());
    const sent = await mailTo(server.port).send({ channel: 'email', address: 'admin@contoso.com' }, message);
    expect(sent).toBeNull();
    const [mail] = server.received;
    expect(mail?.to).toEqual(['admin@contoso.com']);
    const head = mail?.raw.split('\r\n\r\n')[0] ?? '';
    const raw = decoded(mail?.raw ?? '');
    expect(head).toMatch(/^Message-ID: <0b8c2f0e-0000-4000-8000-000000000001@contoso\.com>\r?$/m);
    expect(head).toMatch(/^Auto-Submitted: auto-generated\r?$/m);
    expect(head).toMatch(/^From: Provisor <provisor@contoso\.com>\r?$/m);
    expect(raw).toContain('Provisioning to <Bücher & Co> is in quarantine.');
    expect(raw).toContain('Provisioning to &lt;Bücher &amp; Co&gt; is in quarantine.');
    for (const part of ['It answered 401.', 'Enter a valid token.', 'https://provisor.example/api/jobs/x'])
      expect(raw.split(part).length).toBeGreaterThan(2);
  });

  it('says which recipient was refused and why, and others get theirs', async () => {
    const server = atEnd(await mailServer());
    server.refuse = (recipient) => (recipient === 'gone@contoso.com' ? 'no such mailbox here' : null);
    const open = mailTo(server.port);
    expect(await open.send({ channel: 'email', address: 'gone@contoso.com' }, message)).toContain(
      'no such mailbox here',
    );
    expect(await open.send({ channel: 'email', address: 'here@contoso.com' }, message)).toBeNull();
    expect(server.received.map(({ to }) => to)).toEqual([['here@contoso.com']]);
  });

  it('signs in, and a wrong password is in no error even when the server repeats it', async () => {
    const server = atEnd(await mailServer({ user: 'me', password: 'p@ss word' }));
    const to = { channel: 'email', address: 'a@contoso.com' } as const;
    expect(await mailTo(server.port, 'me:p%40ss%20word@').send(to, message)).toBeNull();
    expect(server.received[0]?.user).toBe('me');
    const refusal = await mailTo(server.port, 'me:wr%40ng@').send(to, message);
    expect(refusal).toContain('wrong password');
    expect(refusal).not.toContain('wr@ng');
  });

  it('says that nobody listens, and that no mail server is set', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    silent.close();
    const to = { channel: 'email', address: 'a@contoso.com' } as const;
    expect(await mailTo(port).send(to, message)).toContain('ECONNREFUSED');
    expect(await channels({}).send(to, message)).toContain('SMTP_URL');
  });

  it('sends no password to another machine without TLS', async () => {
    const server = atEnd(await mailServer({ user: 'me', password: 'secret' }));
    const mail = { smtpUrl: `smtp://me:secret@127.0.0.1:${String(server.port)}?tls=required`, from: 'a@b.example' };
    // The server's certificate is its own: TLS is begun, and nothing is sent to who cannot be believed.
    expect(await channels({ mail }).send({ channel: 'email', address: 'a@b.example' }, message)).toMatch(/certificate/);
    expect(server.received).toEqual([]);
  });
});

describe('webhooks', () => {
  const sendTo = async (urls: readonly string[], secrets?: readonly string[]) => {
    const open = channels({ urls, ...(secrets === undefined ? {} : { secrets }) });
    const [name = ''] = open.webhooks;
    return { name, refusal: await open.send({ channel: 'webhook', address: name }, message) };
  };

  it('are signed, so that a receiver with the secret can check them and one with another cannot', async () => {
    const receiver = atEnd(await hookReceiver());
    expect((await sendTo([receiver.url])).refusal).toBeNull();
    const [posted] = receiver.posted;
    if (posted === undefined) throw new Error('nothing was posted');
    expect(posted.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': message.id,
      'webhook-timestamp': '1772359200',
      'user-agent': 'Provisor/1',
    });
    expect(await isSigned(posted, SECRET)).toBe(true);
    expect(await isSigned(posted, OLD_SECRET)).toBe(false);
    expect(await isSigned({ ...posted, body: `${posted.body} ` }, SECRET)).toBe(false);
    expect(await isSigned({ ...posted, headers: { ...posted.headers, 'webhook-timestamp': '1' } }, SECRET)).toBe(false);
    expect(JSON.parse(posted.body)).toEqual({
      type: 'provisor.quarantined',
      timestamp: '2026-03-01T10:00:00.000Z',
      data: expect.objectContaining({
        kind: 'quarantined',
        jobId: 'x',
        what: message.what,
        todo: message.todo,
      }) as object,
    });
  });

  it('carry a signature for each secret while one is replaced', async () => {
    const receiver = atEnd(await hookReceiver());
    await sendTo([receiver.url], [SECRET, OLD_SECRET]);
    const [posted] = receiver.posted;
    if (posted === undefined) throw new Error('nothing was posted');
    expect([await isSigned(posted, SECRET), await isSigned(posted, OLD_SECRET)]).toEqual([true, true]);
    const signed = `${message.id}.1772359200.${posted.body}`;
    const expected = [SECRET, OLD_SECRET].map(
      (one) => `v1,${createHmac('sha256', keyOf(one)).update(signed).digest('base64')}`,
    );
    expect(posted.headers['webhook-signature']).toBe(expected.join(' '));
  });

  it.each([500, 404, 302])('are refused by an answer of %i; a redirect is not followed', async (status) => {
    const receiver = atEnd(await hookReceiver());
    receiver.answer = () => status;
    const { refusal } = await sendTo([receiver.url]);
    expect(refusal).toBe(`The receiver answered ${String(status)}.`);
    expect(receiver.posted).toHaveLength(1);
  });

  it('are named by where they lead, never by the rest of their URL', async () => {
    const receiver = atEnd(await hookReceiver());
    const { name } = await sendTo([receiver.url]);
    expect(name).toContain(new URL(receiver.url).origin);
    expect(name).not.toContain('a-secret-path');
    const open = channels({ urls: [receiver.url] });
    expect(await open.send({ channel: 'webhook', address: 'https://gone.example (00000000)' }, message)).toContain(
      'PROVISOR_WEBHOOK_URLS',
    );
  });
});
