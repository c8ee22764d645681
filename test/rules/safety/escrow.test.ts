import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectErrors } from '../../../src/rules/model/errors.ts';
import type { ObjectErrorCode } from '../../../src/rules/model/errors.ts';
import type { Settings } from '../../../src/rules/model/job-settings.ts';
import { causeOf, messageFingerprint } from '../../../src/rules/safety/escrow-cause.ts';
import { nextRetryBy } from '../../../src/rules/safety/escrow-schedule.ts';
import { wokenBy } from '../../../src/rules/safety/escrow-wakes.ts';

const firstFailed = new Date('2026-01-02T00:00:00Z');
const codes = (policy: string) =>
  (Object.keys(objectErrors) as ObjectErrorCode[]).filter((code) => objectErrors[code].retry === policy);

/** Hours after the first failure at which it is tried, when every try fails; `null` = no more. */
function tries(code: ObjectErrorCode, count: number, settings: Settings = {}): readonly (number | null)[] {
  const next = nextRetryBy(settings);
  const hours: (number | null)[] = [];
  let at = firstFailed;
  for (let attempts = 1; attempts <= count; attempts += 1) {
    const { nextRetry } = next({ code, message: '' }, { attempts, firstFailed, at });
    hours.push(nextRetry === null ? null : (nextRetry.getTime() - firstFailed.getTime()) / 3_600_000);
    at = nextRetry ?? at;
  }
  return hours;
}

describe('the escrow schedule', () => {
  it.each(codes('schedule'))('tries %s 6, 12 and 24 hours after the first failure, then daily', (code) => {
    expect(tries(code, 5)).toEqual([6, 12, 24, 48, 72]);
  });
  it.each(codes('next-cycle'))('tries %s in the next cycle, then by the schedule', (code) => {
    expect(tries(code, 5)).toEqual([0, 6, 12, 24, 48]);
  });
  it.each(codes('soon'))('tries %s in the next two cycles, then by the schedule', (code) => {
    expect(tries(code, 5)).toEqual([0, 0, 6, 12, 24]);
  });
  it.each(codes('each-cycle'))('tries %s in each cycle', (code) => expect(tries(code, 3)).toEqual([0, 0, 0]));
  it.each(codes('source-change'))('tries %s only when its source changes', (code) => {
    expect(nextRetryBy({})({ code, message: '' }, { attempts: 1, firstFailed, at: firstFailed })).toEqual({
      state: 'waiting',
      nextRetry: null,
    });
  });

  it('gives up after 28 days, or when the job says, or never', () => {
    expect(
      tries('Conflict', 40)
        .filter((hours) => hours !== null)
        .at(-1),
    ).toBe(28 * 24);
    const settings = { EscrowRetrySchedule: 'PT1H, PT3H', EscrowGiveUpAfter: 'P2D' };
    expect(tries('Conflict', 6, settings)).toEqual([1, 3, 27, 51, null, null]);
    expect(tries('Conflict', 100, { EscrowGiveUpAfter: 'off' }).at(-1)).toBe(98 * 24);
    const history = { attempts: 30, firstFailed, at: new Date('2026-02-01T00:00:00Z') };
    expect(nextRetryBy({})({ code: 'Conflict', message: '' }, history).state).toBe('givenUp');
  });
});

describe('the cause of a failure', () => {
  const message = (user: string, id: string, n: number) =>
    `Could not create user ${user}: app.example:8443 answered 409 (uniqueness): "${user}" is taken by ${id} since ${String(n)}`;

  it('is the same for other people, ids and numbers', () => {
    fc.assert(
      fc.property(fc.emailAddress(), fc.uuid(), fc.nat(), fc.string({ maxLength: 20 }), (mail, id, n, name) => {
        const quoted = name.replaceAll(/["\s:]/g, '');
        const one = causeOf({ code: 'Conflict', message: message(`x${quoted}`, id, n) }, [`x${quoted}`]);
        const plain = mail.replaceAll(/[^\w.@-]/g, '');
        expect(causeOf({ code: 'Conflict', message: message(plain, id, n) }, [plain])).toBe(one);
      }),
    );
  });

  it('tells codes, attributes and what went wrong apart', () => {
    const causes = [
      { code: 'Conflict', message: 'no' },
      { code: 'BadRequest', message: 'no' },
      { code: 'BadRequest', message: 'no', attribute: 'title' },
      { code: 'BadRequest', message: 'too long' },
    ] as const;
    expect(new Set(causes.map((error) => causeOf(error))).size).toBe(causes.length);
  });

  it.each([
    ['Could not update group Sales: West: it answered 500', 'Could not update group …: West: it answered …'],
    ["value 'Bern' of title is longer than 64", 'value … of title is longer than …'],
    ["it doesn't know what it's for", "it doesn't know what it's for"],
    ['see https://x.example/a?b=1 at 2026-01-02T03:04:05Z', 'see … at …'],
  ])('reads %j as %j', (text, expected) => expect(messageFingerprint(text)).toBe(expected));
});

describe('what wakes a failure', () => {
  it('is the return of the target for what the target did not bear, and credentials for what it refused too', () => {
    expect(wokenBy('targetBack')).toEqual(expect.arrayContaining(['Timeout', 'InternalServerError']));
    expect(wokenBy('targetBack')).not.toContain('BadRequest');
    expect(wokenBy('credentials')).toEqual(expect.arrayContaining([...wokenBy('targetBack'), 'InsufficientRights']));
    for (const code of codes('source-change')) expect(wokenBy('credentials')).not.toContain(code);
  });
});
