// Every role in a process of its own, as docker-compose.yml starts them: the work is shared, and a worker that is
// killed in the middle of it costs time, nothing else.
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { count, dataDir, engineAt, provisor, startJob, state, stopEverything, until } from '../support/processes.ts';
import type { Run } from '../support/processes.ts';
import { redisUrl } from '../support/redis.ts';
import { testDatabase } from '../support/postgres.ts';

afterEach(stopEverything);

it('invariant 5: api, scheduler and two workers share a cycle, one worker is killed, and every user exists once', async () => {
  const database = await testDatabase({ empty: true });
  const redis = await redisUrl();
  const folder = await dataDir();
  const common = { PROVISOR_DATA_DIR: folder };
  const mock = provisor(['mock-entra', '--users', '700', '--groups', '10', '--port', '0'], common);
  const target = provisor(['simulate', 'generic', '--port', '0'], { PROVISOR_DATA_DIR: await dataDir() });
  const mockUrl = await said(mock, /(https:\/\/localhost:\d+)/);
  const targetUrl = await said(target, /(http:\/\/\S+\/scim)/);

  const env = {
    ...common,
    DATABASE_URL: database.url,
    ...(redis === null ? {} : { REDIS_URL: redis }),
    AZURE_CLIENT_ID: 'provisor',
    AZURE_CLIENT_SECRET: 'provisor',
    AZURE_AUTHORITY_HOST: mockUrl,
    GRAPH_BASE_URL: mockUrl,
    PROVISOR_ALLOW_PRIVATE_TARGETS: 'on',
    PROVISOR_TARGET_CONCURRENCY: '1',
  };
  const api = provisor(['api'], env);
  const call = await until(() => engineAt(folder, api.child.pid));
  provisor(['scheduler'], env);
  const [worker] = [provisor(['worker'], env), provisor(['worker'], env)];
  const jobId = await startJob(call, targetUrl, 'simulator');
  await until(async () => ((await count(targetUrl, 'simulator', 'Users')) > 100 ? true : undefined));
  worker.child.kill('SIGKILL');
  await until(async () => {
    const { body } = await call<{ value: { state: string }[] }>('GET', `/api/jobs/${jobId}/cycles`);
    return body.value.some(({ state: ended }) => ended === 'succeeded') ? true : undefined;
  });
  const { body } = await call<{ value: { accountEnabled: boolean }[] }>(
    'GET',
    '/v1.0/users?$top=999&$select=id,accountEnabled',
  );
  const expected = body.value.filter(({ accountEnabled }) => accountEnabled).length;
  const names = (await state(targetUrl)).users.map(({ userName }) => userName.toLowerCase());
  expect(names).toHaveLength(expected);
  expect(new Set(names).size).toBe(expected);
  api.child.kill('SIGTERM');
  expect((await api.ended).code).toBe(0);
  await stopEverything();
  await database.drop();
});

/** What a process printed, once it matches. */
async function said(run: Run, pattern: RegExp): Promise<string> {
  const { child } = run;
  for (;;) {
    const found = pattern.exec(run.output())?.[1];
    if (found !== undefined) return found;
    if (child.exitCode !== null) throw new Error(`it ended: ${run.output()}`);
    await once(child.stdout ?? child, 'data');
  }
}
