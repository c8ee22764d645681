// The commands a newcomer types, as processes: the demo, and what is left after kill -9 in the middle of it.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../support/postgres.ts';
import { count, dataDir, engineAt, provisor, startJob, state, stopEverything, until } from '../support/processes.ts';

afterEach(stopEverything);

const five = ['GroupTalk', 'Jostle', 'Gtmhub', 'Dialpad', 'TrackTik'];

describe('npm start', () => {
  it('with --once sets the demo up, brings it in step and ends with 0; a second run finds nothing to do', async () => {
    const env = { PROVISOR_DATA_DIR: await dataDir(), MOCK_ENTRA_USERS: '120', MOCK_ENTRA_GROUPS: '10' };
    const first = await provisor(['start', '--once'], env).ended;
    for (const name of five) expect(first.output).toMatch(new RegExp(String.raw`${name}\s+http://127\.0\.0\.1:\d+/`));
    expect(first.output).toMatch(/GroupTalk\s+succeeded\s+1\d\d/);
    for (const name of five) expect(first.output).toMatch(new RegExp(String.raw`${name}\s+succeeded\s+\d+`));
    expect(first.output).toMatch(/Gtmhub\s+succeeded\s+\d\s+[1-9]/);
    expect(first.code).toBe(0);
    expect(first.output.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const second = await provisor(['start', '--once'], env).ended;
    for (const name of five) expect(second.output).toMatch(new RegExp(String.raw`${name}\s+succeeded(\s+0){4}\n`));
    expect(second.code).toBe(0);
  });

  it('invariant 6: killed in the middle of an initial cycle it resumes, and every user exists exactly once', async () => {
    const folder = await dataDir();
    const env = {
      PROVISOR_DATA_DIR: folder,
      MOCK_ENTRA_USERS: '900',
      MOCK_ENTRA_GROUPS: '12',
      PROVISOR_TARGET_CONCURRENCY: '2',
    };
    const simulator = provisor(['simulate', 'generic', '--port', '0'], { ...env, PROVISOR_DATA_DIR: await dataDir() });
    const target = await until(() => /(http:\/\/\S+\/scim)/.exec(simulator.output())?.[1]);
    const token = await until(() => /[Tt]oken\S*\s+(\S+)/.exec(simulator.output())?.[1]);

    const quiet = { ...env, PROVISOR_DEMO: 'off' };
    const running = provisor(['start'], quiet);
    const api = await until(() => engineAt(folder, running.child.pid));
    const jobId = await startJob(api, target, token);
    await until(async () => ((await count(target, token, 'Users')) > 150 ? true : undefined));
    running.child.kill('SIGKILL');
    await running.ended;
    expect(await count(target, token, 'Users')).toBeLessThan(850);

    const again = provisor(['start'], quiet);
    const resumed = await until(() => engineAt(folder, again.child.pid));
    await until(async () => {
      const cycles = await resumed<{ value: { state: string }[] }>('GET', `/api/jobs/${jobId}/cycles`);
      return cycles.body.value.some(({ state }) => state === 'succeeded') ? true : undefined;
    });
    const users = await resumed<{ value: { userPrincipalName: string; accountEnabled: boolean }[] }>(
      'GET',
      '/v1.0/users?$top=999&$select=userPrincipalName,accountEnabled',
    );
    const expected = users.body.value.filter(({ accountEnabled }) => accountEnabled).length;
    const accounts = (await state(target)).users.map(({ userName }) => userName.toLowerCase());
    expect(accounts).toHaveLength(expected);
    expect(new Set(accounts).size).toBe(expected);
    again.child.kill('SIGTERM');
    expect((await again.ended).code).toBe(0);
  });

  it('says in one sentence that a chosen port is taken, and that the database is down', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = address !== null && typeof address === 'object' ? String(address.port) : '';
    const database = await testDatabase();
    const common = { PROVISOR_DATA_DIR: await dataDir(), MOCK_ENTRA_USERS: '5', MOCK_ENTRA_GROUPS: '1' };
    const busy = await provisor(['start', '--once'], { ...common, PORT: port, DATABASE_URL: database.url }).ended;
    taken.close();
    await database.drop();
    expect(busy.code).toBe(1);
    expect(busy.output).toContain(port);
    expect(busy.output).toContain('PORT');
    expect(busy.output).not.toContain('    at ');

    const down = await provisor(['start', '--once'], {
      ...common,
      DATABASE_URL: 'postgres://somebody:hush-hush@127.0.0.1:1/nowhere',
    }).ended;
    expect(down.code).toBe(1);
    expect(down.output).toContain('127.0.0.1:1');
    expect(down.output).not.toContain('hush-hush');
    expect(down.output).not.toContain('    at ');
  });
});
