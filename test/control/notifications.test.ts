// /api/notifications: what people were told, and a test message that says who refused it and why.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ADMIN, openControl } from '../support/control.ts';
import type { Control } from '../support/control.ts';
import { listen } from '../../src/control/listen.ts';
import { openChannels } from '../../src/notify/open-channels.ts';
import { command } from '../support/command.ts';
import { SP } from '../support/fake-deps.ts';
import { hookReceiver, mailServer } from '../support/receivers.ts';
import type { HookReceiver, MailServer } from '../support/receivers.ts';

let control: Control;
let mail: MailServer;
let hook: HookReceiver;
beforeEach(async () => {
  [control, mail, hook] = [await openControl(), await mailServer(), await hookReceiver()];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all([control.close(), mail.close(), hook.close()]);
});

const setUp = (): void => {
  const channels = openChannels({
    mail: { smtpUrl: `smtp://127.0.0.1:${String(mail.port)}?tls=never`, from: 'provisor@contoso.com' },
    recipients: ['ops@contoso.com', 'gone@contoso.com'],
    webhooks: { urls: [hook.url], secrets: [Buffer.alloc(32)], userAgent: 'Provisor/1', now: Date.now },
  });
  Object.assign(control.world.deps, { channels });
};

describe('a test message', () => {
  it('is refused while nobody would get it, and says which settings are missing', async () => {
    const answer = await control.post('/api/notifications/test', {});
    expect(answer.statusCode).toBe(400);
    expect(answer.json<{ error: { message: string } }>().error.message).toContain('PROVISOR_MAIL_TO');
  });

  it('says for each address whether it was accepted, and why not', async () => {
    setUp();
    mail.refuse = (recipient) => (recipient.startsWith('gone') ? 'no such mailbox' : null);
    const { value } = (await control.post('/api/notifications/test', {})).json<{
      value: { channel: string; address: string; error: string | null }[];
    }>();
    expect(value.map(({ channel, error }) => [channel, error === null])).toEqual([
      ['email', true],
      ['email', false],
      ['webhook', true],
    ]);
    expect(value[1]?.error).toContain('no such mailbox');
    expect(mail.received.map(({ to }) => to)).toEqual([['ops@contoso.com']]);
    expect(JSON.parse(hook.posted[0]?.body ?? '{}')).toMatchObject({ type: 'provisor.test' });
  });

  it('goes to those whom a job names, and only for a job that exists', async () => {
    setUp();
    control.world.secrets.set(SP.id, { SyncNotificationSettings: '{"Enabled":true,"Recipients":"owner@contoso.com"}' });
    const jobs = `/v1.0/servicePrincipals/${SP.id}/synchronization/jobs`;
    const { id } = (await control.post(jobs, { templateId: 'scim' })).json<{ id: string }>();
    await control.post('/api/notifications/test', { jobId: id });
    expect(mail.received.map(({ to }) => to)).toEqual([['owner@contoso.com']]);
    expect(mail.received[0]?.raw).toContain(SP.displayName);
    expect((await control.post('/api/notifications/test', { jobId: 'nothing' })).statusCode).toBe(404);
  });
});

describe('the list', () => {
  it('shows events with their deliveries', async () => {
    const at = new Date('2026-03-01T10:00:00Z');
    const event = {
      kind: 'credentialExpiring',
      jobId: null,
      which: 'The certificate of TLS_CERT',
      at,
      daysBefore: 7,
    } as const;
    const delivery = {
      channel: 'email',
      address: 'ops@contoso.com',
      state: 'givenUp',
      attempts: 9,
      at,
      error: 'no',
    } as const;
    const list = () => Promise.resolve([{ id: 'n', event, createdAt: at, deliveries: [delivery] }]);
    Object.assign(control.world.deps.events, { list });
    const time = at.toISOString();
    expect((await control.send('GET', '/api/notifications')).json()).toEqual({
      value: [{ id: 'n', createdAt: time, event: { ...event, at: time }, deliveries: [{ ...delivery, at: time }] }],
    });
  });
});

describe('provisor notifications', () => {
  it('lists them, and fails a test that somebody refused', async () => {
    setUp();
    vi.stubEnv('PROVISOR_ADMIN_TOKEN', ADMIN);
    const { url } = await listen(control.app, { host: '127.0.0.1', port: 0, tlsPort: 0 });
    expect((await command('notifications', 'list', '--url', url)).out).toContain('Nobody was told anything yet.');
    expect(await command('notifications', 'test', '--url', url)).toMatchObject({ code: 0 });
    hook.answer = () => 410;
    const failed = await command('notifications', 'test', '--url', url);
    expect(failed.code).toBe(1);
    expect(failed.out).toContain('The receiver answered 410.');
    expect(failed.err).toContain('1 of 3 did not accept the message.');
  });
});
