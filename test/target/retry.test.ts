// What an application asks for when it throttles, in all the ways in which it may say so.
import { describe, expect, it } from 'vitest';

import { waitAfterFailure, waitAfterReply } from '../../src/target/retry.ts';
import { WireFailure } from '../../src/target/failure.ts';

const now = new Date('2026-11-20T10:00:00Z');
const attempt = { method: 'POST', number: 1, now, random: 0.5 } as const;
const BACK_OFF = 500;
const after = (status: number, headers: Record<string, string | string[]>, rest: object = {}): unknown =>
  waitAfterReply({ status, headers, text: '' }, { ...attempt, ...rest });

describe('a pause that is asked for', () => {
  it.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': ' 1.5 ' }, 1_500],
    [{ 'retry-after': ['3', '9'] }, 3_000],
    [{ 'retry-after': 'Fri, 20 Nov 2026 10:00:20 GMT' }, 20_000],
    [{ 'retry-after': 'Friday, 20-Nov-26 10:00:20 GMT' }, 20_000],
    // By the application's own clock, which is five minutes slow.
    [{ 'retry-after': 'Fri, 20 Nov 2026 09:55:20 GMT', date: 'Fri, 20 Nov 2026 09:55:00 GMT' }, 20_000],
    [{ 'retry-after': '31536000' }, 31_536_000_000],
    [{ 'x-rate-limit-reset': '30' }, 30_000],
    [{ 'x-ratelimit-reset': String(now.getTime() / 1_000 + 12) }, 12_000],
    [{ 'ratelimit-reset': String(now.getTime() + 12_000) }, 12_000],
    [{ 'retry-after': '2', 'x-rate-limit-reset': '30' }, 2_000],
    [{ 'retry-after': 'soon', 'x-rate-limit-reset': '30' }, 30_000],
  ])('is read from %j as %i ms', (headers, ms) => {
    expect(after(429, headers)).toEqual({ ms, everybody: true });
    expect(after(503, headers)).toEqual({ ms, everybody: true });
  });

  it.each([
    {},
    { 'retry-after': '' },
    { 'retry-after': 'soon' },
    { 'retry-after': '-5' },
    { 'retry-after': 'banana 5' },
    { 'retry-after': '0' },
    { 'retry-after': 'Fri, 20 Nov 2026 09:00:00 GMT' },
    { 'x-ratelimit-reset': '1500000000' },
  ])('that cannot be read from %j, or is over, becomes a short one; after 503 a write is not repeated', (headers) => {
    expect(after(429, headers)).toEqual({ ms: BACK_OFF, everybody: true });
    expect(after(503, headers)).toBeNull();
    expect(after(503, headers, { method: 'GET' })).toEqual({ ms: BACK_OFF, everybody: false });
  });

  it('is not read from answers that are no refusal', () => {
    expect(after(200, { 'retry-after': '7' })).toBeNull();
    expect(after(404, { 'retry-after': '7' })).toBeNull();
  });
});

describe('a failure of the transport', () => {
  it.each([
    ['unreachable', 'POST', true],
    ['unreachable', 'PATCH', true],
    ['hopeless', 'GET', false],
    ['private', 'GET', false],
    ['throttled', 'GET', false],
    ['closed', 'GET', false],
    ['unusable', 'GET', false],
    ['timeout', 'GET', true],
    ['timeout', 'DELETE', false],
    ['broken', 'GET', true],
    ['broken', 'DELETE', true],
    ['broken', 'POST', false],
    ['broken', 'PATCH', false],
  ] as const)('%s of a %s is repeated: %s', (kind, method, repeated) => {
    const wait = waitAfterFailure(new WireFailure(kind, 'x'), { ...attempt, method });
    expect(wait !== null).toBe(repeated);
    expect(waitAfterFailure(new WireFailure(kind, 'x'), { ...attempt, method, number: 3 })).toBeNull();
  });
});
