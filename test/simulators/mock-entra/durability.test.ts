// What was changed, and every link handed out, survives a restart and a crash; a million users cost no memory.
import { appendFile, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startMockEntra } from '../../../src/simulators/mock-entra/start.ts';
import { openWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

const journal = (): string => join(world.dataDir, 'mock', 'tenant-7-60-12', 'journal.jsonl');
const user = (name: string) => ({
  displayName: name,
  userPrincipalName: `${name}@contoso.example`,
  mailNickname: name,
  accountEnabled: true,
});
const add = async (name: string): Promise<string> =>
  String((await world.call('POST', '/users', user(name))).body['id']);

describe('the mock after a restart', () => {
  it('has all changes, and goes on from links of before', async () => {
    world = await openWorld();
    await world.faults({ pageSize: 10 });
    const page = await world.get('/users/delta?$select=displayName');
    const list = await world.get('/users?$top=5');
    const since = String((await world.get('/groups/delta?$deltatoken=latest'))['@odata.deltaLink']);
    const id = await add('switch');
    const [staff] = (await world.get('/groups?$top=1')).value;
    await world.call('POST', `/groups/${staff?.id ?? ''}/members/$ref`, {
      '@odata.id': `${world.mock.url}/v1.0/users/${id}`,
    });
    await world.restart();
    expect((await world.get(`/users/${id}`)).displayName).toBe('switch');
    expect((await world.all(String(page['@odata.nextLink']))).items.length).toBe(51);
    expect((await world.all(String(list['@odata.nextLink']))).items.length).toBe(56);
    const { items } = await world.all(since);
    expect(items[0]?.['members@delta']).toEqual([{ '@odata.type': '#microsoft.graph.user', id }]);
  });

  it('keeps its signing key, so that tokens stay valid', async () => {
    world = await openWorld();
    const authorization = `Bearer ${await world.token()}`;
    await world.restart();
    expect((await world.call('GET', '/users', undefined, { authorization })).status).toBe(200);
  });

  it.each(['[{"op":"create","kind":"user","id"', '\0\0\0\0\n'])(
    'cuts off the torn line %j and keeps everything before it',
    async (torn) => {
      world = await openWorld();
      const id = await add('apoc');
      await world.mock.close();
      const whole = await readFile(journal(), 'utf8');
      await appendFile(journal(), torn);
      await world.restart();
      expect(await readFile(journal(), 'utf8')).toBe(whole);
      const second = await add('mouse');
      await world.restart();
      for (const one of [id, second]) expect((await world.call('GET', `/users/${one}`)).status).toBe(200);
    },
  );

  it('applies a request whole or not at all, wherever its line was torn', async () => {
    world = await openWorld();
    const [member] = (await world.get('/users?$top=1')).value;
    const links = [`${world.mock.url}/v1.0/users/${member?.id ?? ''}`];
    const body = {
      displayName: 'G',
      mailEnabled: false,
      mailNickname: 'g',
      securityEnabled: true,
      'members@odata.bind': links,
    };
    const id = String((await world.call('POST', '/groups', body)).body['id']);
    const { length } = await readFile(journal());
    await world.mock.close();
    await truncate(journal(), length - 5);
    await world.restart();
    expect((await world.call('GET', `/groups/${id}`)).status).toBe(404);
  });

  it('refuses a journal that is damaged in the middle, naming file and line', async () => {
    world = await openWorld();
    await add('a');
    await add('b');
    await world.mock.close();
    await writeFile(journal(), (await readFile(journal(), 'utf8')).replace('[', '<'));
    await expect(world.restart()).rejects.toThrow(/journal\.jsonl is damaged at line 1/);
    await writeFile(journal(), '');
    await world.restart();
  });

  it('keeps the changes of each set of parameters apart, and answers links of another with syncStateNotFound', async () => {
    world = await openWorld();
    const id = await add('oracle');
    const since = String((await world.get('/users/delta?$deltatoken=latest'))['@odata.deltaLink']);
    await world.restart({ users: 61 });
    expect((await world.call('GET', `/users/${id}`)).status).toBe(404);
    expect((await world.call('GET', since)).body.error?.code).toBe('syncStateNotFound');
    await world.restart();
    expect((await world.call('GET', `/users/${id}`)).status).toBe(200);
    expect((await readdir(join(world.dataDir, 'mock'))).filter((name) => name.startsWith('tenant-')).length).toBe(2);
  });
});

describe('startMockEntra', () => {
  it('says in one sentence which port is in use and which setting changes it', async () => {
    world = await openWorld();
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const address = blocker.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const tls = { cert: '', key: '' };
    const options = { port, users: 1, groups: 1, seed: 1, dataDir: join(world.dataDir, 'other'), tls };
    await expect(startMockEntra(options)).rejects.toThrow(new RegExp(`Port ${String(port)} .* MOCK_ENTRA_PORT`));
    await new Promise((resolve) => blocker.close(resolve));
  });

  it('refuses unknown faults by their names', async () => {
    world = await openWorld();
    await expect(world.restart({ faults: { gremlins: true } })).rejects.toThrow(/gremlins/);
    await world.restart();
  });

  it('pages through a tenant of a million users without growing', async () => {
    world = await openWorld({ users: 1_000_000, groups: 5000 });
    const read = async (start: string, pages: number): Promise<number> => {
      let link: string | undefined = start;
      let objects = 0;
      for (let page = 0; link !== undefined && page < pages; page += 1) {
        const body: Awaited<ReturnType<World['get']>> = await world.get(link);
        objects += body.value.length;
        link = body['@odata.nextLink'];
      }
      return objects;
    };
    await read('/users/delta', 5);
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    expect(await read('/users/delta', 60)).toBe(30_000);
    await read('/groups/delta', 60);
    globalThis.gc?.();
    // Without a collection in between, garbage counts too: a table of 30,000 users alone would be larger.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 * 1024 * 1024);
    const last = (await world.get("/users?$filter=mailNickname eq 'nobody'&$top=1")).value;
    expect(last).toEqual([]);
    expect((await world.call('GET', '/users/$count', undefined, { consistencylevel: 'eventual' })).text).toBe(
      '1000000',
    );
  });
});
