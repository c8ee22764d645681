// What a target says of itself, when its credentials are saved and when it does not understand.
import { afterEach, describe, expect, it } from 'vitest';
import { createJob } from '../../../src/cycle/use-cases/jobs.ts';
import { putSecrets } from '../../../src/cycle/use-cases/secrets.ts';
import type { FakeWorld } from '../../support/fake-deps.ts';
import { cycleOf, fakeWorld, SP } from '../../support/fake-deps.ts';
import { openTarget, runContext } from '../../../src/cycle/run-context.ts';
import { endAll, reply, server, targets, token } from '../../target/support.ts';
import type { RawServer } from '../../target/support.ts';

afterEach(endAll);

const config = { patch: { supported: false }, filter: { supported: true, maxResults: 25 } };
const described = (answer: 'all' | 'nothing' | 'silence' = 'all') =>
  server(({ url, method }, response) => {
    if (answer === 'silence') return;
    const said = answer === 'all' && url.endsWith('/ServiceProviderConfig');
    if (method === 'PATCH') reply(response, 501, { status: '501' });
    else if (method === 'GET' && url.includes('/Users/')) reply(response, 200, { id: 'u', title: 'old' });
    else if (method === 'PUT') reply(response, 200, { id: 'u', title: 'new' });
    else reply(response, said ? 200 : 404, said ? config : {});
  });

interface World extends FakeWorld {
  readonly logged: { readonly level: string; readonly fields: object; readonly message: string }[];
  readonly jobId: string;
  readonly save: (app: RawServer) => Promise<void>;
}
async function world(): Promise<World> {
  const logged: World['logged'] = [];
  const note = (level: string) => (fields: object, message: string) => void logged.push({ level, fields, message });
  const fake = fakeWorld();
  const deps = { ...fake.deps, targets: targets(), logger: { info: note('info'), warn: note('warn') } };
  const { id } = await createJob(deps, { servicePrincipalId: SP.id, templateId: 'scim', actor: 'me' });
  const save = ({ url }: RawServer) =>
    putSecrets(
      deps,
      SP.id,
      [
        { key: 'BaseAddress', value: url },
        { key: 'SecretToken', value: token },
      ],
      'me',
    );
  return { ...fake, deps, logged, jobId: id, save };
}
const paths = (app: RawServer) => app.seen.map(({ method, url }) => `${method} ${url.replace('/scim', '')}`);
const found = { claims: { bulk: null, etag: false, groups: true, patch: false }, pageSize: 25 };

describe('saving credentials', () => {
  it('reads what the application says of itself into its jobs, on record once however often they are saved', async () => {
    const { save, logged, jobs, jobId, audits } = await world();
    const app = await described();
    await save(app);
    await save(app);
    expect(jobs.get(jobId)?.dialect.found).toEqual(found);
    expect(logged).toMatchObject([{ level: 'info', fields: { jobId, found } }]);
    expect(audits.filter(({ activity }) => activity === 'Adapt to the application').length).toBe(1);
  });

  it('goes well where the application says nothing, and without a job', async () => {
    const { save, logged, deps, jobs, jobId } = await world();
    await save(await described('nothing'));
    expect(jobs.get(jobId)?.dialect.found).toEqual({});
    await deps.jobs.delete(jobId);
    jobs.clear();
    const app = await described();
    await save(app);
    expect([paths(app), logged]).toEqual([[], []]);
  });

  it('goes well where the application refuses the token, and says in the log that it could not be asked', async () => {
    const { save, logged, secrets } = await world();
    const app = await server((_request, response) => reply(response, 401, {}));
    await save(app);
    expect(secrets.get(SP.id)).toMatchObject({ BaseAddress: app.url });
    expect(logged).toMatchObject([{ level: 'warn' }]);
  });

  it('waits five seconds at most for an application that is silent', { timeout: 20_000 }, async () => {
    const { save } = await world();
    const began = Date.now();
    await save(await described('silence'));
    expect(Date.now() - began).toBeLessThan(10_000);
  });
});

describe('a form that is not understood', () => {
  it('makes the engine read what the application says, once in a cycle, and try that first', async () => {
    const { deps, secrets, jobId, jobs } = await world();
    const app = await described();
    secrets.set(SP.id, { BaseAddress: app.url, SecretToken: token });
    const context = await runContext(deps, cycleOf(jobId));
    for (let page = 0; page < 2; page += 1) {
      const answer = await openTarget(deps, context).patch('User', 'u', [
        { op: 'replace', path: 'title', value: 'new' },
      ]);
      expect(answer.ok).toBe(true);
    }
    const documents = paths(app).filter((path) => path.endsWith('/ServiceProviderConfig'));
    expect(documents.length).toBe(1);
    const writes = paths(app).filter((path) => !path.startsWith('GET'));
    expect(writes.slice(0, 2)).toEqual(['PATCH /Users/u', 'PUT /Users/u']);
    expect(jobs.get(jobId)?.dialect.found).toMatchObject({ ...found, update: { User: 'put', Group: 'patch' } });
  });
});
