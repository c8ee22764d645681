// Which object has which account: listed, downloaded, and changed by hand, with the cycle that follows.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller } from '../support/engine.ts';
import { startLife } from '../support/life.ts';
import type { Life } from '../support/life.ts';

interface Link {
  readonly sourceId: string;
  readonly targetId: string;
  readonly type: string;
  readonly displayName: string;
  readonly state: string;
  readonly held: boolean;
}
interface Page {
  readonly value: readonly Link[];
  readonly '@odata.nextLink'?: string;
}
interface Refusal {
  readonly error: { readonly code: string; readonly message: string };
}

let life: Life;
let path: string;
beforeAll(async () => {
  life = await startLife({ users: 12, groups: 2, syncAll: true });
  path = `/api/jobs/${life.jobId}/links`;
  expect((await life.cycle('initial')).state).toBe('succeeded');
}, 120_000);
afterAll(() => life.close());

const page = (query = '') => life.ok<Page>('GET', `${path}?${query}`);
const linkOf = async (name: string): Promise<Link> => {
  const [found] = (await page(`search=${encodeURIComponent(name)}`)).value;
  return found ?? Promise.reject(new Error(`${name} has no link`));
};
const accounts = () => life.simulator.state().users;

describe('links', () => {
  it('are listed page by page, each once, and found by name and by either id', async () => {
    const all: Link[] = [];
    let next: string | undefined = `${path}?$top=5`;
    while (next !== undefined) {
      const { value, '@odata.nextLink': link }: Page = await life.ok<Page>('GET', next);
      all.push(...value);
      next = link === undefined ? undefined : link.slice(link.indexOf('/api/'));
    }
    expect(all.map(({ sourceId }) => sourceId)).toEqual([...new Set(all.map(({ sourceId }) => sourceId))].sort());
    expect(all).toHaveLength(life.simulator.state().users.length + life.simulator.state().groups.length);
    const [first] = all;
    for (const text of [first?.sourceId, first?.targetId, first?.displayName.toUpperCase()])
      expect((await page(`search=${encodeURIComponent(text ?? '')}`)).value).toContainEqual(first);
    expect((await page('type=Group')).value).toHaveLength(life.simulator.state().groups.length);
    expect((await page('state=disabled')).value).toEqual([]);
    expect((await page("search=%25' OR 1=1 --")).value).toEqual([]);
  });

  it('are downloaded as one table', async () => {
    const answer = await fetch(`${life.url}${path}/export`, {
      headers: { authorization: `Bearer ${life.adminToken}` },
    });
    expect(answer.headers.get('content-type')).toContain('text/csv');
    const lines = (await answer.text()).trim().split('\r\n');
    expect(lines[0]).toMatch(/^sourceId,type,targetId,/);
    expect(lines).toHaveLength(1 + accounts().length + life.simulator.state().groups.length);
  });

  it.each(['type=Robot', 'state=gone', 'search=', '$top=0', '$top=5000'])('refuse %s', async (query) => {
    expect((await life.call('GET', `${path}?${query}`)).status).toBe(400);
  });
});

describe('a link that is forgotten', () => {
  it('leaves the account alone, and the next cycle finds it again', async () => {
    await life.user('forgotten');
    await life.cycle();
    const before = await linkOf('forgotten');
    const state = JSON.stringify(accounts());
    await life.ok('DELETE', `${path}/${before.sourceId}`);
    expect((await page(`search=${before.sourceId}`)).value).toEqual([]);
    expect(JSON.stringify(accounts())).toBe(state);
    expect((await life.call('DELETE', `${path}/${before.sourceId}`)).status).toBe(404);

    const cycle = await life.cycle();
    expect(cycle.counts).toMatchObject({ created: 0, targetWrites: 0 });
    expect((await linkOf('forgotten')).targetId).toBe(before.targetId);
    expect((await life.cycle()).counts.imported).toBe(0);
  });
});

describe('a link that is made', () => {
  it('joins an object with an account of another name, which is brought in step', async () => {
    await life.user('married', { jobTitle: 'Engineer' });
    await life.cycle();
    const { sourceId, targetId: made } = await linkOf('married');
    await life.simulatorAccount('maiden.name@contoso.example');
    const old = accounts().find(({ userName }) => userName === 'maiden.name@contoso.example')?.['id'] as string;
    expect((await life.call<Refusal>('POST', path, { sourceId, targetId: old })).status).toBe(409);
    await life.ok('DELETE', `${path}/${sourceId}`);
    const theirs = await linkOf('forgotten');
    const refused = await life.call<Refusal>('POST', path, { sourceId, targetId: theirs.targetId });
    expect([refused.status, refused.body.error.message]).toEqual([
      409,
      `Object ${theirs.sourceId} is linked with account ${theirs.targetId} already. Unlink it first if that is wrong.`,
    ]);
    await caller(life.simulator.url, life.targetToken)('DELETE', `/Users/${made}`);
    const linked = await life.ok<Link>('POST', path, { sourceId, targetId: old });
    expect(linked).toMatchObject({ sourceId, targetId: old, state: 'active' });

    await life.cycle();
    const account = accounts().find(({ id }) => id === old);
    expect(account).toMatchObject({ userName: 'married@contoso.example', title: 'Engineer' });
    expect(await life.writes()).toEqual([]);
  });

  it.each([
    [{ sourceId: 'no-such-object', targetId: 'x' }, 404],
    [{ sourceId: 'no-such-object' }, 400],
    [{}, 400],
    [{ sourceId: 7, targetId: 'x' }, 400],
  ])('is refused for %j', async (body, status) => {
    expect((await life.call('POST', path, body)).status).toBe(status);
  });

  it('needs an account that is there', async () => {
    const { sourceId } = await linkOf('forgotten');
    const answer = await life.call<Refusal>('POST', path, { sourceId, targetId: 'no-such-account' });
    expect(answer.status).toBe(404);
    expect(answer.body.error.message).toContain('no-such-account');
  });
});
