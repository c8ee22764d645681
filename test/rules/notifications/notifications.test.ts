// Who is told, in which words, and for how long it is tried.
import { describe, expect, it } from 'vitest';
import type { JobEvent, JobEventKind } from '../../../src/rules/model/job-events.ts';
import { warningDue } from '../../../src/rules/notifications/expiry.ts';
import {
  mailAddresses,
  notificationSettingsProblem,
  recipientsOf,
} from '../../../src/rules/notifications/mail-addresses.ts';
import { messageOf } from '../../../src/rules/notifications/message.ts';
import { nextAttemptIn } from '../../../src/rules/notifications/next-attempt.ts';

describe('recipients', () => {
  it('are those of SyncNotificationSettings while it is enabled', () => {
    const named = (settings: unknown) => recipientsOf({ SyncNotificationSettings: JSON.stringify(settings) });
    expect(named({ Enabled: true, Recipients: 'a@contoso.com; b@contoso.com' })).toEqual([
      'a@contoso.com',
      'b@contoso.com',
    ]);
    expect(named({ Enabled: 'True', Recipients: 'a@contoso.com' })).toEqual(['a@contoso.com']);
    for (const nobody of [
      { Enabled: false, Recipients: 'a@contoso.com' },
      { Enabled: true },
      { Enabled: true, Recipients: 7 },
      [],
    ])
      expect(named(nobody)).toEqual([]);
    expect(recipientsOf({})).toEqual([]);
    expect(recipientsOf({ SyncNotificationSettings: '{' })).toEqual([]);
  });

  it('must be plain addresses: nothing else reaches a mail server', () => {
    expect(mailAddresses('a@b.example, c@d.example')).toEqual(['a@b.example', 'c@d.example']);
    for (const wrong of ['a', '@b', 'a@', 'a@b@c', '<a@b>', '"x"@b']) expect(mailAddresses(wrong), wrong).toBeNull();
    expect(notificationSettingsProblem('{"Enabled":true,"Recipients":"Bob <b@c.example>"}')).toContain('Recipients');
    expect(notificationSettingsProblem('[]')).toContain('JSON object');
    expect(notificationSettingsProblem('{"Enabled":false,"Recipients":""}')).toBeNull();
    expect(
      notificationSettingsProblem('{"Enabled":false,"Recipients":null,"DeleteThresholdEnabled":false}'),
    ).toBeNull();
  });
});

it('tries for less than two days, then gives up', () => {
  let [attempt, seconds] = [1, 0];
  for (let wait = nextAttemptIn(attempt); wait !== null; wait = nextAttemptIn(attempt)) {
    expect(wait).toBeGreaterThan(0);
    seconds += wait;
    attempt += 1;
  }
  expect(seconds).toBeGreaterThan(36 * 3_600);
  expect(seconds).toBeLessThan(48 * 3_600);
});

it('warns 30, 7 and 1 days before an expiry, with the closest warning only', () => {
  const at = new Date('2026-07-01T00:00:00Z');
  const due = (now: string) => warningDue(at, new Date(now));
  expect(['2026-05-31', '2026-06-01', '2026-06-23', '2026-06-24', '2026-06-30', '2026-07-05'].map(due)).toEqual([
    null,
    30,
    30,
    7,
    1,
    1,
  ]);
});

describe('messages', () => {
  const since = new Date('2026-03-01T10:00:00Z');
  const createdAt = new Date('2026-03-02T10:00:00Z');
  const error = {
    code: 'SystemForCrossDomainIdentityManagementInvalidCredentials',
    message: 'It answered 401.',
  } as const;
  const quarantine = { jobId: 'scim.1', reason: 'EncounteredQuarantineException', since } as const;
  const events: Readonly<Record<JobEventKind, JobEvent>> = {
    quarantined: { kind: 'quarantined', ...quarantine, error },
    quarantineReminder: { kind: 'quarantineReminder', ...quarantine, error, nth: 2 },
    quarantineLeft: { kind: 'quarantineLeft', ...quarantine },
    jobDisabled: { kind: 'jobDisabled', ...quarantine, error },
    deletionsHeld: { kind: 'deletionsHeld', jobId: 'scim.1', cycleId: 'c', count: 12, examples: ['Ann', 'Bob'] },
    escrowGrew: {
      kind: 'escrowGrew',
      jobId: 'scim.1',
      cycleId: 'c',
      before: 2,
      now: 40,
      topCauses: [{ code: 'Conflict', count: 38, message: 'userName is taken.' }],
    },
    credentialExpiring: {
      kind: 'credentialExpiring',
      jobId: 'scim.1',
      which: 'The secret token',
      at: new Date('2026-03-09T10:00:00Z'),
      daysBefore: 7,
    },
  };
  const about = { application: 'Contoso Intranet', publicUrl: 'https://provisor.example' };
  const of = (event: JobEvent) => messageOf({ id: 'n', event, createdAt }, about);

  it.each(Object.values(events))('of $kind say what happened, to which job, and what to do', (event) => {
    const { subject, what, todo, link, data, type } = of(event);
    expect(subject).toContain('Contoso Intranet');
    expect(what).toContain('Contoso Intranet');
    expect(what).toContain('scim.1');
    expect(todo).toMatch(/\.$/);
    expect(link).toBe('https://provisor.example/api/jobs/scim.1');
    expect(type).toBe(event.kind);
    expect(data).toMatchObject({ kind: event.kind, application: 'Contoso Intranet' });
  });

  it('name the error and its own remedy', () => {
    expect(of(events.quarantined)).toMatchObject({
      subject: '[Provisor] Contoso Intranet is in quarantine: EncounteredQuarantineException',
      why: `${error.code}: It answered 401.`,
      todo: 'Enter a valid tenant URL and secret token and start the job again.',
    });
    expect(of(events.escrowGrew)).toMatchObject({ why: '38 × Conflict, for example: userName is taken.' });
    expect(of(events.deletionsHeld).what).toContain(
      '12 disables and deletes of Contoso Intranet are held (Ann, Bob, …)',
    );
  });

  it('tell what has expired from what will, and what belongs to the installation from what belongs to a job', () => {
    const expired = { ...events.credentialExpiring, at: since } as JobEvent;
    expect(of(expired).subject).toBe('[Provisor] Contoso Intranet: the secret token expired on 2026-03-01 10:00 UTC');
    const own: JobEvent = {
      kind: 'credentialExpiring',
      jobId: null,
      which: 'The certificate of TLS_CERT',
      at: since,
      daysBefore: 1,
    };
    const { subject, link } = messageOf({ id: 'n', event: own, createdAt }, { application: null, publicUrl: null });
    expect(subject).toBe('[Provisor] The certificate of TLS_CERT expired on 2026-03-01 10:00 UTC');
    expect(link).toBeNull();
  });

  it('keep a subject on one line, whatever a directory calls an application', () => {
    const { subject } = messageOf(
      { id: 'n', event: events.quarantineLeft, createdAt },
      { ...about, application: 'A\r\nBcc: x@y' },
    );
    expect(subject).not.toMatch(/[\r\n]/);
  });
});
