// The contract of the queue, held by BullMQ on PostgreSQL and on Redis alike.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { ConfigError } from '../../src/rules/model/errors.ts';
import type { ProvisorQueue, QueueOptions } from '../../src/queue/open-queue.ts';
import { openQueue } from '../../src/queue/open-queue.ts';
import type { Handlers } from '../../src/queue/workers.ts';
import type { Place } from './support.ts';
import { postgresPlace, redisAnswers, redisPlace } from './support.ts';

/** Handlers that note what they were called for; `before` runs inside of them. */
function noting(before: (call: string) => Promise<void> | void = () => undefined): {
  calls: string[];
  handlers: Handlers;
} {
  const calls: string[] = [];
  const note = async (call: string): Promise<void> => {
    calls.push(call);
    await before(call);
  };
  return {
    calls,
    handlers: {
      advance: (cycleId, phase) => note(`advance ${cycleId} ${phase}`),
      page: (pageId) => note(`page ${pageId}`),
      due: (jobId) => note(`due ${jobId}`),
    },
  };
}

function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

const until = { timeout: 20_000, interval: 20 };

function contract(place: () => Place): void {
  const opened: ProvisorQueue[] = [];
  const queueWith = async (options: Partial<QueueOptions> = {}): Promise<ProvisorQueue> => {
    const queue = await openQueue({ ...place().options, ...options });
    opened.push(queue);
    return queue;
  };
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((queue) => queue.close()));
    await place().lose();
  });

  it('hands a step with its ids to a worker', async () => {
    const queue = await queueWith();
    const { calls, handlers } = noting();
    await queue.work(handlers, { concurrency: 2 });
    await queue.advance('c1', 'refresh');
    await expect.poll(() => calls, until).toEqual(['advance c1 refresh']);
  });

  it('drops a second request for a step that waits, and takes it again once it has ended', async () => {
    const queue = await queueWith();
    for (let n = 0; n < 3; n += 1) await queue.advance('c1', 'users');
    await queue.advance('c1', 'groups');
    const { calls, handlers } = noting();
    await queue.work(handlers, { concurrency: 1 });
    await expect.poll(() => [...calls].sort(), until).toEqual(['advance c1 groups', 'advance c1 users']);
    await expect.poll(() => queue.advance('c1', 'users').then(() => calls.length), until).toBe(3);
  });

  it('advances once, after all pages have ended', async () => {
    const queue = await queueWith();
    const pages = Array.from({ length: 25 }, () => randomUUID());
    await queue.pages('c1', 'users', pages);
    const { calls, handlers } = noting();
    await queue.work(handlers, { concurrency: 4 });
    await expect.poll(() => calls.at(-1), until).toBe('advance c1 users');
    expect(calls.slice(0, -1).sort()).toEqual(pages.map((page) => `page ${page}`).sort());
  });

  it('advances at once when there are no pages', async () => {
    const queue = await queueWith();
    const { calls, handlers } = noting();
    await queue.work(handlers, { concurrency: 1 });
    await queue.pages('c1', 'groups', []);
    await expect.poll(() => calls, until).toEqual(['advance c1 groups']);
  });

  it('invariant 8: a page that fails is tried three times and then holds up neither its neighbours nor the step', async () => {
    const said: string[] = [];
    const logger = {
      warn: (_fields: object, text: string) => said.push(text),
      error: (_fields: object, text: string) => said.push(text),
    };
    const queue = await queueWith({ logger });
    const { calls, handlers } = noting((call) => {
      if (call === 'page bad') throw new Error('this page is broken');
    });
    await queue.work(handlers, { concurrency: 2 });
    await queue.pages('c1', 'users', ['good', 'bad', 'fine']);
    await expect.poll(() => calls.at(-1), until).toBe('advance c1 users');
    expect(calls.filter((call) => call === 'page bad')).toHaveLength(3);
    expect(calls.filter((call) => call.startsWith('advance'))).toHaveLength(1);
    expect(said.filter((text) => text.includes('for good'))).toHaveLength(1);
    await queue.pages('c1', 'users', ['bad']);
    await expect.poll(() => calls.filter((call) => call === 'page bad').length, until).toBe(4);
  });

  it('asks twice for the same pages and processes each once', async () => {
    const queue = await queueWith();
    await queue.pages('c1', 'users', ['p1', 'p2', 'p3']);
    await queue.pages('c1', 'users', ['p1', 'p2', 'p3']);
    const { calls, handlers } = noting();
    await queue.work(handlers, { concurrency: 2 });
    await expect.poll(() => [...calls].sort(), until).toEqual(['advance c1 users', 'page p1', 'page p2', 'page p3']);
  });

  it('waits for the page under way when its pages are asked for again', async () => {
    const queue = await queueWith();
    const held = gate();
    const { calls, handlers } = noting((call) => (call === 'page slow' ? held.passed : undefined));
    await queue.work(handlers, { concurrency: 2 });
    await queue.pages('c1', 'users', ['quick', 'slow']);
    await expect.poll(() => [...calls].sort(), until).toEqual(['page quick', 'page slow']);
    await queue.pages('c1', 'users', ['slow', 'new']);
    await expect.poll(() => calls, until).toContain('page new');
    expect(calls).not.toContain('advance c1 users');
    held.open();
    await expect.poll(() => calls.at(-1), until).toBe('advance c1 users');
    expect([...calls].sort()).toEqual(['advance c1 users', 'page new', 'page quick', 'page slow']);
  });

  it('takes pages for a step from within that very step', async () => {
    const queue = await queueWith();
    let asked = 0;
    const { calls, handlers } = noting(async (call) => {
      if (call !== 'advance c1 users' || asked === 2) return;
      asked += 1;
      await queue.pages('c1', 'users', [`more${String(asked)}`]);
    });
    await queue.work(handlers, { concurrency: 2 });
    await queue.pages('c1', 'users', ['first']);
    await expect.poll(() => calls.length, until).toBe(6);
    expect(calls.filter((call) => call.startsWith('page'))).toEqual(['page first', 'page more1', 'page more2']);
    expect(calls.at(-1)).toBe('advance c1 users');
  });

  it('invariant 6: a step that fails is tried again', async () => {
    const queue = await queueWith();
    let failures = 0;
    const { calls, handlers } = noting(() => {
      if (failures++ === 0) throw new Error('once');
    });
    await queue.work(handlers, { concurrency: 1 });
    await queue.advance('c1', 'refresh');
    await expect.poll(() => calls, until).toEqual(['advance c1 refresh', 'advance c1 refresh']);
  });

  it('can be lost at any time: asking again is enough', async () => {
    const queue = await queueWith();
    await queue.pages('c1', 'users', ['p1', 'p2']);
    await queue.schedule('job', 60, new Date(Date.now() + 60_000));
    await place().lose();
    const { calls, handlers } = noting();
    await queue.work(handlers, { concurrency: 2 });
    await queue.pages('c1', 'users', ['p1', 'p2']);
    await expect.poll(() => [...calls].sort(), until).toEqual(['advance c1 users', 'page p1', 'page p2']);
    await queue.schedule('job', 60, new Date());
    await expect.poll(() => calls, until).toContain('due job');
  });

  it('fires a schedule every interval from its start, not before', async () => {
    const queue = await queueWith();
    const times: number[] = [];
    const { handlers, calls } = noting(() => void times.push(Date.now()));
    await queue.work(handlers, { concurrency: 1 });
    const startAt = Date.now() + 700;
    await queue.schedule('customappsso.tenant:x.guid', 1, new Date(startAt));
    await expect.poll(() => calls.length, until).toBeGreaterThanOrEqual(3);
    expect(new Set(calls)).toEqual(new Set(['due customappsso.tenant:x.guid']));
    expect(times[0]).toBeGreaterThanOrEqual(startAt);
    expect((times[2] ?? 0) - startAt).toBeGreaterThanOrEqual(1_500);
  });

  it('replaces an earlier schedule, starts at once when the start is past, and ends when told', async () => {
    const queue = await queueWith();
    const { calls, handlers } = noting();
    await queue.work(handlers, { concurrency: 1 });
    await queue.schedule('late', 3_600, new Date(Date.now() + 3_600_000));
    await queue.schedule('late', 3_600, new Date(Date.now() - 5_000));
    await queue.schedule('never', 1, new Date(Date.now() + 1_000));
    await queue.unschedule('never');
    await queue.unschedule('unknown');
    await queue.schedule('other', 3_600, new Date(Date.now() + 2_000));
    await expect.poll(() => [...calls].sort(), until).toEqual(['due late', 'due other']);
  });

  it('lets the work under way end when it closes', async () => {
    const queue = await queueWith();
    const held = gate();
    let ended = false;
    const { calls, handlers } = noting(async () => {
      await held.passed;
      ended = true;
    });
    const workers = await queue.work(handlers, { concurrency: 1 });
    await queue.advance('c1', 'refresh');
    await expect.poll(() => calls.length, until).toBe(1);
    const closing = workers.close();
    held.open();
    await closing;
    expect(ended).toBe(true);
  });

  it('spreads work over several processes', async () => {
    const [first, second] = [await queueWith(), await queueWith()];
    const held = gate();
    const one = noting(() => held.passed);
    const two = noting(() => held.passed);
    await first.work(one.handlers, { concurrency: 2 });
    await second.work(two.handlers, { concurrency: 2 });
    await first.pages('c1', 'users', ['a', 'b', 'c', 'd']);
    await expect.poll(() => [one.calls.length, two.calls.length], until).toEqual([2, 2]);
    held.open();
    await expect.poll(() => one.calls.length + two.calls.length, until).toBe(5);
  });

  it('survives an outage, reports it once, and goes on', async () => {
    const warnings: string[] = [];
    const logger = { warn: (_fields: object, text: string) => warnings.push(text), error: () => undefined };
    const queue = await queueWith({ logger });
    const { calls, handlers } = noting();
    await queue.work(handlers, { concurrency: 1 });
    await queue.advance('c1', 'refresh');
    await expect.poll(() => calls.length, until).toBe(1);
    place().cut();
    await expect.poll(() => warnings.length, until).toBe(1);
    await expect(queue.advance('c2', 'refresh')).rejects.toThrow();
    place().restore();
    await expect
      .poll(
        () =>
          queue.advance('c3', 'refresh').then(
            () => 'asked',
            () => 'not yet',
          ),
        until,
      )
      .toBe('asked');
    await expect.poll(() => calls, { timeout: 40_000, interval: 50 }).toContain('advance c3 refresh');
    expect(warnings).toHaveLength(1);
  });
}

describe('the queue on PostgreSQL', () => {
  let place: Place;
  beforeAll(async () => {
    place = await postgresPlace();
  });
  afterAll(() => place.drop());
  contract(() => place);
});

if ((await redisAnswers()) || process.env['REDIS_URL'] !== undefined || process.env['CI'] !== undefined) {
  describe('the queue on Redis', () => {
    let place: Place;
    beforeAll(async () => {
      place = await redisPlace();
    });
    afterAll(() => place.drop());
    contract(() => place);
  });
} else {
  it('was not tried on Redis: none answers at 127.0.0.1:6379 and REDIS_URL is not set', async () => {
    expect(await redisAnswers()).toBe(false);
  });
}

describe('a queue that cannot be opened', () => {
  it.each([
    ['Redis', { redisUrl: 'redis://:hidden@127.0.0.1:1' }, 'REDIS_URL'],
    ['PostgreSQL', { databaseUrl: 'postgres://me:hidden@127.0.0.1:1/x' }, 'DATABASE_URL'],
  ])('says so in one sentence: %s', async (what, options, setting) => {
    const error = await openQueue(options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toMatch(
      new RegExp(`^${what} at 127.0.0.1:1 cannot be used for the queue \\(${setting}\\): .*\\.$`),
    );
    expect((error as Error).message).not.toContain('hidden');
  });

  it('needs a place', async () => {
    await expect(openQueue({})).rejects.toThrow('needs REDIS_URL or DATABASE_URL');
  });
});
