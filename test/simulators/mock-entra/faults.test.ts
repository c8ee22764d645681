// The fault knobs: each does what it says, and the same each time.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { noFaults } from '../../../src/simulators/mock-entra/faults.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await world.faults(noFaults);
});
afterAll(() => world.close());

const statuses = async (count: number): Promise<readonly number[]> => {
  const all: number[] = [];
  for (let i = 0; i < count; i += 1)
    all.push(
      await world.call('GET', '/users?$top=1').then(
        ({ status }) => status,
        () => 0,
      ),
    );
  return all;
};

describe('faults', () => {
  it('are read back as they were set, and a wrong one is refused and changes nothing', async () => {
    expect((await world.faults({ pageSize: 3 })).body).toMatchObject({ pageSize: 3, reorder: false });
    const wrong = await world.faults({ pageSize: -1, reorder: true });
    expect(wrong.status).toBe(400);
    expect(wrong.body.error?.message).toContain('pageSize');
    expect((await world.call('GET', '/mock/faults')).body).toMatchObject({ pageSize: 3, reorder: false });
  });

  it('need a bearer token to be set', async () => {
    expect((await world.call('POST', '/mock/faults', {}, { authorization: 'Bearer wrong' })).status).toBe(401);
  });

  it('throttle every n-th request with Retry-After in seconds, as a date, or without', async () => {
    await world.faults({ throttle: { every: 3, seconds: 2 } });
    expect(await statuses(6)).toEqual([200, 200, 429, 200, 200, 429]);
    for (const [retryAfter, pattern] of [
      ['seconds', /^2$/],
      ['date', /GMT$/],
      ['none', /^none$/],
    ] as const) {
      await world.faults({ throttle: { every: 1, retryAfter, seconds: 2 } });
      const { headers, body } = await world.call('GET', '/users');
      expect(headers['retry-after'] ?? 'none').toMatch(pattern);
      expect(body.error?.code).toBe('TooManyRequests');
    }
  });

  it('fail a share of requests with 503, drop connections and cut bodies off, the same ones each time', async () => {
    for (const [fault, failure] of [
      ['failWith503', 503],
      ['dropConnection', 0],
      ['truncate', 0],
    ] as const) {
      await world.faults({ ...noFaults, [fault]: 0.4 });
      const first = await statuses(20);
      await world.faults({ ...noFaults, [fault]: 0.4 });
      expect(await statuses(20)).toEqual(first);
      expect(new Set(first)).toEqual(new Set([200, failure]));
    }
  });

  it('give objects twice, in another order, and changes again', async () => {
    const plain = (await world.all('/users/delta')).items.map(({ id }) => id);
    await world.faults({ duplicates: 4 });
    expect((await world.all('/users/delta')).items.length).toBe(75);
    await world.faults({ duplicates: 0, reorder: true });
    const shuffled = (await world.all('/users/delta')).items.map(({ id }) => id);
    expect(shuffled).not.toEqual(plain);
    expect([...shuffled].sort()).toEqual([...plain].sort());
    const { deltaLink = '' } = await world.all('/users/delta?$select=jobTitle');
    await world.call('PATCH', `/users/${plain[0] ?? ''}`, { jobTitle: 'Again' });
    const { deltaLink: next = '', items } = await world.all(deltaLink);
    expect(items.length).toBe(1);
    await world.faults({ replays: 5 });
    expect((await world.all(next)).items.map(({ id }) => id)).toEqual([plain[0]]);
  });

  it('keep the last changes from a delta round until a later one', async () => {
    const since = String((await world.get('/users/delta?$select=city&$deltatoken=latest'))['@odata.deltaLink']);
    const [a, b] = (await world.get('/users?$top=2')).value;
    await world.call('PATCH', `/users/${a?.id ?? ''}`, { city: 'Tromsø' });
    await world.call('PATCH', `/users/${b?.id ?? ''}`, { city: 'Reykjavík' });
    await world.faults({ lag: 1 });
    const early = await world.all(since);
    expect(early.items).toEqual([{ id: a?.id, city: 'Tromsø' }]);
    const same = await world.all(String(early.deltaLink));
    expect(same.items).toEqual([]);
    await world.faults({ lag: 0 });
    expect((await world.all(String(same.deltaLink))).items).toEqual([{ id: b?.id, city: 'Reykjavík' }]);
  });

  it('let a next link lead to its own page', async () => {
    await world.faults({ pageSize: 20 });
    const first = await world.get('/users/delta');
    await world.faults({ loopNextLink: true });
    const second = await world.get(String(first['@odata.nextLink']));
    expect(second['@odata.nextLink']).toBe(first['@odata.nextLink']);
  });

  it('delay answers without changing them', async () => {
    await world.faults({ delayMs: 30 });
    expect((await world.get('/users')).value.length).toBe(60);
  });
});

describe('the record of requests', () => {
  it('counts what was asked since the last reset, without itself', async () => {
    await world.call('POST', '/mock/requests/reset');
    await world.get('/users?$top=1');
    await world.get('/groups');
    expect((await world.call('GET', '/mock/requests')).body).toEqual({
      count: 2,
      last: [
        { method: 'GET', path: '/v1.0/users?$top=1' },
        { method: 'GET', path: '/v1.0/groups' },
      ],
    });
  });
});
