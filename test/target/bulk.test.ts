// SCIM Bulk: what is asked for in the same moment goes out together, within limits, and each gets its own answer.
import { request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';

import type { Json, JsonObject } from '../../src/rules/model/json.ts';
import type { Dialect } from '../../src/rules/model/target.ts';
import { rfcDialect } from '../../src/rules/model/target.ts';
import type { Finding } from '../../src/target/talk.ts';
import { endAll, reply, server, simulator, targets, token, USER } from './support.ts';

afterEach(endAll);

const limits = { maxOperations: 3, maxPayloadBytes: 1_000_000 };
const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

interface Shape {
  /** Refuses bulk requests of more operations with this status. */
  readonly refuse?: (operations: number) => number | null;
  readonly result?: (result: JsonObject, index: number) => JsonObject | null;
}

async function world({ refuse, result }: Shape, bulk: Dialect['bulk'] = limits) {
  const app = await simulator({ seedUsers: 0 });
  const forward = async (method: string, path: string, body: string) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
    const answer = await request(app.url + path, { method: method as 'GET', headers, body: body === '' ? null : body });
    return { status: answer.statusCode, text: await answer.body.text(), location: answer.headers['location'] };
  };
  const front = await server(({ method, url, body }, response) => {
    void answerTo(method, url, body).then(({ status, json }) => reply(response, status, json));
  });
  const answerTo = async (method: string, url: string, body: string): Promise<{ status: number; json: unknown }> => {
    if (!url.endsWith('/Bulk')) {
      const { status, text } = await forward(method, url.replace('/scim', ''), body);
      return { status, json: text };
    }
    const { Operations } = JSON.parse(body) as {
      Operations: { method: string; path: string; bulkId: string; data: Json }[];
    };
    const refused = refuse?.(Operations.length) ?? null;
    if (refused !== null) return { status: refused, json: { status: String(refused) } };
    const results: JsonObject[] = [];
    for (const [index, one] of Operations.entries()) {
      const { status, text, location } = await forward(one.method, one.path, JSON.stringify(one.data));
      const own: JsonObject = {
        method: one.method,
        bulkId: one.bulkId,
        status: String(status),
        ...(typeof location === 'string' ? { location } : {}),
        ...(status >= 400 ? { response: JSON.parse(text) as Json } : {}),
      };
      const shown = result === undefined ? own : result(own, index);
      if (shown !== null) results.push(shown);
    }
    return {
      status: 200,
      json: { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkResponse'], Operations: results },
    };
  };
  const found: Finding[] = [];
  const learn = (finding: Finding): Promise<void> => Promise.resolve(void found.push(finding));
  const session = targets().open({ baseAddress: front.url, token }, { ...rfcDialect, bulk }, { learn });
  const create = (userNames: readonly string[]) =>
    Promise.all(userNames.map((userName) => session.create('User', { schemas: [USER], userName })));
  const sent = () => front.seen.filter(({ method }) => method !== 'GET').map(({ url }) => url.replace('/scim', ''));
  return { app, session, found, create, sent, front };
}

describe('bulk requests', () => {
  it('hold as many creates as the target takes, and each gets its own id', async () => {
    const { app, create, sent } = await world({});
    const answers = await create(names);
    expect(sent()).toEqual(['/Bulk', '/Bulk', '/Users']);
    const ids = answers.map((answer) => (answer.ok ? answer.value.id : ''));
    const byId = new Map(app.state().users.map((user) => [user['id'], user['userName']]));
    expect(ids.map((id) => byId.get(id))).toEqual(names);
  });

  it('are cut by their size too', async () => {
    const { create, sent } = await world({}, { maxOperations: 100, maxPayloadBytes: 700 });
    await create(names);
    expect(sent().length).toBeGreaterThan(1);
    expect(sent().length).toBeLessThan(7);
  });

  it('tell each refusal to the one that it is about, and stop nobody else', async () => {
    const { app, create } = await world({});
    const answers = await create(['a', 'A', 'b']);
    expect(answers.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(answers[1]).toMatchObject({ error: { code: 'Conflict', status: 409 } });
    expect(app.state().users.length).toBe(2);
  });

  it('carry changes as well', async () => {
    const { app, session, create, sent } = await world({});
    const ids = (await create(['a', 'b'])).map((answer) => (answer.ok ? answer.value.id : ''));
    const before = sent().length;
    const answers = await Promise.all(
      ids.map((id) => session.patch('User', id, [{ op: 'replace', path: 'title', value: id }])),
    );
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(sent().slice(before)).toEqual(['/Bulk']);
    expect(app.state().users.map((user) => user['title'])).toEqual(app.state().users.map((user) => user['id']));
  });

  it.each([400, 404, 405, 501])('that are refused with %i are sent one by one from then on', async (status) => {
    const { create, sent, found } = await world({ refuse: () => status });
    expect((await create(['a', 'b'])).every(({ ok }) => ok)).toBe(true);
    await create(['c', 'd']);
    expect(sent()).toEqual(['/Bulk', '/Users', '/Users', '/Users', '/Users']);
    expect(found.map(({ knobs }) => knobs)).toEqual([{ bulk: null }]);
  });

  it('that are too large get smaller', async () => {
    const { create, found, app } = await world(
      { refuse: (count) => (count > 3 ? 413 : null) },
      { maxOperations: 6, maxPayloadBytes: 1_000_000 },
    );
    await create(names.slice(0, 6));
    expect(found.map(({ knobs }) => knobs)).toEqual([{ bulk: { maxOperations: 3, maxPayloadBytes: 1_000_000 } }]);
    expect(app.state().users.length).toBe(6);
  });

  it('without a result for one make it unsure, never done and never repeated', async () => {
    const { create, app, found, sent } = await world({ result: (own, index) => (index === 1 ? null : own) });
    const answers = await create(['a', 'b', 'c']);
    expect(answers.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(app.state().users.length).toBe(3);
    expect(found.map(({ knobs }) => knobs)).toEqual([{ bulk: null }]);
    await create(['d', 'e']);
    expect(sent()).toEqual(['/Bulk', '/Users', '/Users']);
  });

  it('that fail with 500 are unsure, and the last of their kind', async () => {
    const { create, found, sent } = await world({ refuse: () => 500 });
    expect((await create(['a', 'b'])).map(({ ok }) => ok)).toEqual([false, false]);
    expect((await create(['c', 'd'])).every(({ ok }) => ok)).toBe(true);
    expect(found.map(({ knobs }) => knobs)).toEqual([{ bulk: null }]);
    expect(sent().filter((path) => path === '/Users').length).toBe(2);
  });

  it('are understood by the place of the results, and with the status of older drafts', async () => {
    const { create } = await world({
      result: ({ status = '', ...own }) => ({
        ...Object.fromEntries(Object.entries(own).filter(([key]) => key !== 'bulkId')),
        status: { code: status },
      }),
    });
    expect((await create(['a', 'b', 'c'])).every(({ ok }) => ok)).toBe(true);
  });
});
