// One key for one event: what is the same to a person is told once.
import { expect, it } from 'vitest';
import { eventKey } from '../../../src/rules/model/job-events.ts';
import type { JobEvent } from '../../../src/rules/model/job-events.ts';

const since = new Date('2026-03-01T10:00:00Z');
const error = { code: 'SystemForCrossDomainIdentityManagementInvalidCredentials', message: '401' } as const;
const quarantined: JobEvent = {
  kind: 'quarantined',
  jobId: 'j',
  reason: 'EncounteredQuarantineException',
  error,
  since,
};

it('tells a quarantine once for each reason of a series, whatever the answer said this time', () => {
  const key = eventKey(quarantined);
  expect(eventKey({ ...quarantined, error: { ...error, message: '403' } })).toBe(key);
  expect(eventKey({ ...quarantined, reason: 'TooManyDeletes' })).not.toBe(key);
  expect(eventKey({ ...quarantined, since: new Date('2026-03-02T10:00:00Z') })).not.toBe(key);
  expect(eventKey({ ...quarantined, jobId: 'k' })).not.toBe(key);
});

it('tells reminders by number, cycles by id, and a credential once before each date', () => {
  const reminder: JobEvent = { ...quarantined, kind: 'quarantineReminder', nth: 1 };
  expect(eventKey(reminder)).not.toBe(eventKey({ ...reminder, nth: 2 }));
  const held: JobEvent = { kind: 'deletionsHeld', jobId: 'j', cycleId: 'c', count: 3, examples: [] };
  expect(eventKey({ ...held, count: 4 })).toBe(eventKey(held));
  expect(eventKey({ ...held, cycleId: 'd' })).not.toBe(eventKey(held));
  const expiring = { kind: 'credentialExpiring', jobId: null, which: 'TLS_CERT', at: since, daysBefore: 30 } as const;
  expect(eventKey({ ...expiring, daysBefore: 7 })).not.toBe(eventKey(expiring));
  expect(eventKey({ ...expiring, at: new Date('2027-03-01T10:00:00Z') })).not.toBe(eventKey(expiring));
});
