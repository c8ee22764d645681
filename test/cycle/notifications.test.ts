// The notifier on a real database, a real SMTP server and a real HTTP receiver.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deliverDue } from '../../src/cycle/notifications/deliver.ts';
import type { NotifierDeps } from '../../src/cycle/notifications/deps.ts';
import { warnOfExpiry } from '../../src/cycle/notifications/warn-of-expiry.ts';
import { openChannels } from '../../src/notify/open-channels.ts';
import type { JobEvent } from '../../src/rules/model/job-events.ts';
import type { Delivery } from '../../src/rules/model/notifications.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { hookReceiver, isSigned, mailServer } from '../support/receivers.ts';
import type { HookReceiver, MailServer } from '../support/receivers.ts';
import { jobId, openWorld, secretKey, servicePrincipalId } from '../store/world.ts';
import type { World } from '../store/world.ts';
import { until } from '../support/processes.ts';

const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
let world: World;
let mail: MailServer;
let hook: HookReceiver;
const notifiers: Store[] = [];
const logged: object[] = [];

beforeAll(async () => (world = await openWorld()));
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset();
  logged.splice(0);
  [mail, hook] = [await mailServer(), await hookReceiver()];
});
afterEach(async () => {
  await Promise.all([mail.close(), hook.close(), ...notifiers.splice(0).map((store) => store.close())]);
});

/** A notifier as in a process of its own. */
async function notifier(): Promise<NotifierDeps> {
  const store = await openStore({ databaseUrl: world.url, secretKey });
  notifiers.push(store);
  return {
    ...store,
    publicUrl: 'https://provisor.example',
    logger: { info: (facts) => void logged.push(facts), warn: (facts) => void logged.push(facts) },
    channels: openChannels({
      mail: { smtpUrl: `smtp://127.0.0.1:${String(mail.port)}?tls=never`, from: 'provisor@contoso.com' },
      recipients: ['ops@contoso.com', 'night@contoso.com'],
      webhooks: {
        urls: [hook.url],
        secrets: [Buffer.from(SECRET.slice(6), 'base64')],
        userAgent: 'Provisor/1',
        now: Date.now,
      },
    }),
  };
}
const quarantined: JobEvent = {
  kind: 'quarantined',
  jobId,
  reason: 'EncounteredQuarantineException',
  error: { code: 'SystemForCrossDomainIdentityManagementUnreachable', message: 'Nobody answers.' },
  since: new Date('2026-03-01T10:00:00Z'),
};
const reminder = (nth: number): JobEvent => ({ ...quarantined, kind: 'quarantineReminder', nth });
const deliveries = async (): Promise<readonly Delivery[]> =>
  (await world.store.events.list(100)).flatMap((each) => each.deliveries ?? []);
const again = () => 0;

describe('the notifier', () => {
  it('tells everybody once of each event, with two notifiers at work and events that are emitted twice', async () => {
    const first = await notifier();
    const both = [first, await notifier()];
    for (const nth of [1, 2, 3, 4, 5]) await Promise.all(both.map(({ events }) => events.emit(reminder(nth))));
    await Promise.all([...both, ...both].map((deps) => deliverDue(deps)));
    // Whoever lost the race for the last ones has left them to the other, which may have ended its round before.
    await deliverDue(first);
    const mailed = mail.received.flatMap(({ to }) => to);
    expect(mailed.filter((to) => to === 'ops@contoso.com')).toHaveLength(5);
    expect(mailed.filter((to) => to === 'night@contoso.com')).toHaveLength(5);
    expect(new Set(hook.posted.map(({ headers }) => headers['webhook-id'])).size).toBe(5);
    expect(hook.posted).toHaveLength(5);
    expect((await deliveries()).map(({ state }) => state)).toEqual(Array.from({ length: 15 }, () => 'delivered'));
  });

  it('tries again after a refusal, only where it was refused, and with the same id', async () => {
    const deps = await notifier();
    mail.refuse = (recipient) =>
      recipient === 'night@contoso.com' && mail.received.length < 2 ? 'come back later' : null;
    hook.answer = (number) => (number < 3 ? 503 : 204);
    await deps.events.emit(quarantined);
    await deps.events.emit(reminder(1));
    await deliverDue(deps, { waitAfter: again });
    expect(mail.received.flatMap(({ to }) => to).toSorted()).toEqual([
      'night@contoso.com',
      'night@contoso.com',
      'ops@contoso.com',
      'ops@contoso.com',
    ]);
    const ids = hook.posted.map(({ headers }) => headers['webhook-id']);
    expect([ids.length, new Set(ids).size]).toEqual([4, 2]);
    for (const posted of hook.posted) expect(await isSigned(posted, SECRET)).toBe(true);
    expect((await deliveries()).every(({ state, error }) => state === 'delivered' && error === null)).toBe(true);
  });

  it('gives up after the last attempt, says so in the log and the list, and goes on with others', async () => {
    const deps = await notifier();
    hook.answer = () => 500;
    await deps.events.emit(quarantined);
    await deliverDue(deps, { waitAfter: (attempt) => (attempt < 4 ? 0 : null) });
    expect(hook.posted).toHaveLength(4);
    const given = (await deliveries()).filter(({ channel }) => channel === 'webhook');
    expect(given).toMatchObject([{ state: 'givenUp', attempts: 4, error: 'The receiver answered 500.' }]);
    expect(logged).toContainEqual(
      expect.objectContaining({ event: 'quarantined', jobId, error: 'The receiver answered 500.' }),
    );
    expect(mail.received).toHaveLength(2);
    hook.answer = () => 204;
    await deliverDue(deps);
    expect(hook.posted).toHaveLength(4);
  });

  it('writes to those whom the job names instead of those of the installation', async () => {
    const deps = await notifier();
    await world.store.secrets.replace(servicePrincipalId, {
      SecretToken: 'very-secret',
      SyncNotificationSettings: '{"Enabled":true,"Recipients":"owner@contoso.com"}',
    });
    await deps.events.emit(quarantined);
    await deliverDue(deps);
    expect(mail.received.map(({ to }) => to)).toEqual([['owner@contoso.com']]);
    expect(JSON.stringify([mail.received, hook.posted, logged])).not.toContain('very-secret');
  });

  it('is waited for by nothing: jobs change and events are kept while a receiver never answers', async () => {
    const deps = await notifier();
    hook.answer = () => null;
    await deps.events.emit(quarantined);
    let ended = false;
    const round = deliverDue(deps).then(() => (ended = true));
    await until(() => (hook.posted.length > 0 ? true : undefined));
    const cycle = await world.begin('initial');
    await world.finish(cycle, 1);
    await world.store.jobs.update(jobId, { successiveFailures: 1 }, [reminder(1)]);
    expect(await world.store.events.list(10)).toHaveLength(2);
    expect(ended).toBe(false);
    await hook.close();
    await round;
    hook = await hookReceiver();
    expect((await deliveries()).find(({ channel }) => channel === 'webhook')).toMatchObject({
      state: 'waiting',
      attempts: 1,
    });
  });
});

describe('credentials that expire', () => {
  const now = new Date('2026-06-01T00:00:00Z');
  const token = (exp: number) => `e30.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.c2ln`;
  const check = async (own: Parameters<typeof warnOfExpiry>[1] = []) =>
    warnOfExpiry({ ...(await notifier()), clock: { now: () => now } }, own);
  const told = async () => (await world.store.events.list(10)).map(({ event }) => event);

  it('are told about once each time, for jobs that were started and for the installation', async () => {
    const at = new Date('2026-06-06T00:00:00Z');
    await world.store.secrets.replace(servicePrincipalId, { SecretToken: token(at.getTime() / 1_000) });
    await check();
    expect(await told()).toEqual([]);
    await world.store.jobs.update(jobId, { scheduleState: 'Active' });
    await check([{ which: 'The certificate of TLS_CERT', at }]);
    await check([{ which: 'The certificate of TLS_CERT', at }]);
    const expected = { kind: 'credentialExpiring', at, daysBefore: 7 };
    expect(await told()).toEqual(
      expect.arrayContaining([
        { ...expected, jobId: null, which: 'The certificate of TLS_CERT' },
        { ...expected, jobId, which: 'The secret token' },
      ]),
    );
    expect(await told()).toHaveLength(2);
  });

  it('are none where nothing says when: opaque tokens, odd tokens and tokens without an end', async () => {
    await world.store.jobs.update(jobId, { scheduleState: 'Active' });
    for (const odd of [
      'opaque',
      'a.b.c',
      'e30.bnVsbA.c2ln',
      `e30.${Buffer.from('{"exp":"soon"}').toString('base64url')}.x`,
      token(1e300),
    ]) {
      await world.store.secrets.replace(servicePrincipalId, { SecretToken: odd });
      await check();
    }
    expect(await told()).toEqual([]);
    expect(logged).toEqual([]);
  });
});
