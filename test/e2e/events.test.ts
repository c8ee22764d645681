// Server-sent events of a running engine: a cycle from beginning to end, every line of its log once, also over an interruption.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLife } from '../support/life.ts';
import type { Life } from '../support/life.ts';

interface Told {
  readonly id: string | null;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

let life: Life;
beforeAll(async () => void (life = await startLife({ users: 30, groups: 3, syncAll: true })), 120_000);
afterAll(() => life.close());

/** Reads events until `enough`, then hangs up. */
async function follow(enough: (told: readonly Told[]) => boolean, query = '', last?: string): Promise<readonly Told[]> {
  const hangUp = new AbortController();
  const answer = await fetch(`${life.url}/api/events?${query}`, {
    headers: { authorization: `Bearer ${life.adminToken}`, ...(last === undefined ? {} : { 'last-event-id': last }) },
    signal: hangUp.signal,
  });
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const told: Told[] = [];
  let rest = '';
  for await (const chunk of (answer.body ?? raise()).pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    told.push(...blocks.flatMap(eventOf));
    if (enough(told)) break;
  }
  hangUp.abort();
  return told;
}
const raise = (): never => {
  throw new Error('the answer has no body');
};

function eventOf(block: string): readonly Told[] {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null;
  const [event, data] = [field('event'), field('data')];
  return event === null || data === null ? [] : [{ id: field('id'), event, data: JSON.parse(data) as Told['data'] }];
}

const of = (told: readonly Told[], event: string) =>
  told.filter((each) => each.event === event).map(({ data }) => data);
const ended = (told: readonly Told[]) => of(told, 'cycle').some(({ endedAt }) => endedAt !== null);
const logged = async (cycleId: string) =>
  (
    await life.ok<{ value: { id: string }[] }>(
      'GET',
      `/v1.0/auditLogs/provisioning?$top=1000&$filter=${encodeURIComponent(`cycleId eq '${cycleId}'`)}`,
    )
  ).value.map(({ id }) => id);

describe('who follows events', () => {
  it('sees a cycle to its end, its progress, and every line of its log once', async () => {
    const following = follow((told) => ended(told) && of(told, 'log').length >= 33);
    const cycle = await life.cycle('initial');
    const told = await following;
    expect(of(told, 'cycle').at(-1)).toMatchObject({ id: cycle.id, state: 'succeeded', counts: cycle.counts });
    const ids = of(told, 'log').map(({ id }) => id as string);
    const lines = await logged(cycle.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(lines).toEqual(expect.arrayContaining(ids));
    expect(of(told, 'job').map(({ id }) => id)).toContain(life.jobId);
  });

  it('goes on where it was after an interruption, and misses nothing that happened meanwhile', async () => {
    await life.user('before');
    const first = follow((told) => of(told, 'log').some(({ sourceName }) => String(sourceName).includes('before')));
    await life.cycle();
    const last = (await first).findLast(({ id }) => id !== null)?.id ?? '';
    await life.user('meanwhile');
    const missed = await life.cycle();
    const told = await follow((all) => of(all, 'log').length > 0, `jobId=${life.jobId}`, last);
    expect(of(told, 'log').map(({ id }) => id)).toEqual(expect.arrayContaining(await logged(missed.id)));
  });

  it('hears of one job only when it asks for one', async () => {
    const told = follow((all) => all.length > 0, 'jobId=another');
    const all = await follow((each) => each.length > 0);
    expect(all.length).toBeGreaterThan(0);
    await expect(Promise.race([told, Promise.resolve('nothing yet')])).resolves.toBe('nothing yet');
  });

  it('is refused without a token, and with an id that no event had', async () => {
    expect((await fetch(`${life.url}/api/events`)).status).toBe(401);
    const headers = { authorization: `Bearer ${life.adminToken}`, 'last-event-id': "1' OR 1=1" };
    expect((await fetch(`${life.url}/api/events`, { headers })).status).toBe(400);
  });
});
