// Three in the morning: every mistake gets one clear sentence, in Graph's error body, and changes nothing.
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller, startTestEngine } from '../support/engine.ts';
import type { Answer, TestEngine } from '../support/engine.ts';
import { targetWorld } from '../support/target-world.ts';

interface Problem {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details?: readonly { readonly target?: string; readonly message: string }[];
  };
}
interface Mapping {
  readonly targetAttributeName: string;
  readonly source: { readonly expression: string; readonly type: string };
}
interface Schema {
  readonly synchronizationRules: readonly {
    readonly objectMappings: readonly { readonly attributeMappings: readonly Mapping[] }[];
  }[];
}

describe('wrong input', () => {
  let engine: TestEngine;
  let html: Server;
  beforeAll(async () => {
    engine = await startTestEngine({ users: 20, groups: 2 });
    html = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Sign in</body></html>');
    }).listen(0, '127.0.0.1');
    await once(html, 'listening');
  });
  afterAll(async () => {
    html.close();
    await engine.close();
  });

  const root = () => `/v1.0/servicePrincipals/${engine.servicePrincipalId}/synchronization`;
  const htmlUrl = () => `http://127.0.0.1:${String((html.address() as AddressInfo).port)}/scim`;
  const refused = async (method: string, path: string, body?: unknown): Promise<Problem['error']> => {
    const { status, body: problem } = await engine.call<Problem>(method, path, body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(problem.error.message.length).toBeGreaterThan(20);
    expect(JSON.stringify(problem)).not.toMatch(/\n? {4}at /);
    return problem.error;
  };
  /** The job's schema with the first user mapping's source replaced. */
  const schemaWith = (schema: Schema, expression: string): Schema => ({
    ...schema,
    synchronizationRules: schema.synchronizationRules.map((rule) => ({
      ...rule,
      objectMappings: rule.objectMappings.map((mapping, i) =>
        i > 0
          ? mapping
          : {
              ...mapping,
              attributeMappings: mapping.attributeMappings.map((attribute) =>
                attribute.targetAttributeName === 'title'
                  ? { ...attribute, source: { type: 'Function', expression } }
                  : attribute,
              ),
            },
      ),
    })),
  });

  it.each([
    ['an expression that does not parse', 'Join(" ", [givenName], [surname]', /expression/],
    ['a function that does not exist', 'Joyn(" ", [givenName], [surname])', /Joyn/],
    ['a source attribute that does not exist', 'ToUpper([jobTitel])', /jobTitel/],
  ])('refuses a schema with %s, names the place, and keeps the old one', async (_, expression, names) => {
    const before = await engine.ok<Schema>('GET', `${engine.jobUrl}/schema`);
    const error = await refused('PUT', `${engine.jobUrl}/schema`, schemaWith(before, expression));
    expect(JSON.stringify(error)).toMatch(names);
    expect(JSON.stringify(error)).toContain('attributeMappings');
    expect(await engine.ok('GET', `${engine.jobUrl}/schema`)).toEqual(before);
  });

  it('refuses a schema that is no schema, and a body that is no JSON', async () => {
    await refused('PUT', `${engine.jobUrl}/schema`, { synchronizationRules: 'none' });
    await refused('PUT', `${engine.jobUrl}/schema`, '{"synchronizationRules": [');
  });

  it('refuses a target attribute that the application does not have', async () => {
    const before = await engine.ok<Schema>('GET', `${engine.jobUrl}/schema`);
    const text = JSON.stringify(before).replace('"targetAttributeName":"title"', '"targetAttributeName":"titel"');
    const error = await refused('PUT', `${engine.jobUrl}/schema`, text);
    expect(JSON.stringify(error)).toContain('titel');
    expect(await engine.ok('GET', `${engine.jobUrl}/schema`)).toEqual(before);
  });

  it.each(['not a url', 'ftp://example.com/scim', 'http://'])(
    'refuses the tenant URL "%s" when it is saved',
    async (value) => {
      const before = await engine.ok('GET', `${root()}/secrets`);
      const error = await refused('PUT', `${root()}/secrets`, { value: [{ key: 'BaseAddress', value }] });
      expect(JSON.stringify(error)).toContain('BaseAddress');
      expect(await engine.ok('GET', `${root()}/secrets`)).toEqual(before);
    },
  );

  it('says in a connection test that HTML is no SCIM service, and that a token is wrong, without saving either', async () => {
    const before = await engine.ok('GET', `${root()}/secrets`);
    const test = (credentials: Readonly<Record<string, string>>) =>
      refused('POST', `${engine.jobUrl}/validateCredentials`, {
        credentials: Object.entries(credentials).map(([key, value]) => ({ key, value })),
      });
    const page = await test({ BaseAddress: htmlUrl(), SecretToken: 'canary-secret' });
    expect(page.code).toContain('ServiceIncompatible');
    const wrong = await test({ BaseAddress: engine.simulator.url, SecretToken: 'canary-secret' });
    expect(wrong.code).toContain('InvalidCredentials');
    const nobody = await test({ BaseAddress: 'http://127.0.0.1:1/scim', SecretToken: 'canary-secret' });
    expect(nobody.message).toContain('127.0.0.1:1');
    expect(JSON.stringify([page, wrong, nobody])).not.toContain('canary-secret');
    expect(await engine.ok('GET', `${root()}/secrets`)).toEqual(before);
    expect(
      await engine.call('POST', `${engine.jobUrl}/validateCredentials`, { useSavedCredentials: true }),
    ).toMatchObject({ status: 204 });
  });

  it('invariant 11: never answers a stored secret', async () => {
    const { value } = await engine.ok<{ value: { key: string; value: string }[] }>('GET', `${root()}/secrets`);
    expect(value.find(({ key }) => key === 'SecretToken')?.value).toBe('*');
    const everything = [
      engine.jobUrl,
      `${engine.jobUrl}/schema`,
      '/v1.0/auditLogs/provisioning',
      '/api/jobs',
      '/metrics',
      '/api/openapi.json',
    ];
    for (const path of everything) {
      const response: Answer<unknown> = await engine
        .call('GET', path)
        .catch((error: unknown) => ({ status: 200, body: String(error) }));
      expect(JSON.stringify(response)).not.toContain('a-token-for-tests-only');
    }
  });

  it('refuses a call without a token, and with a wrong one', async () => {
    for (const token of ['', 'wrong-token']) {
      const { status, body } = await caller(engine.url, token)<Problem>('GET', engine.jobUrl);
      expect(status).toBe(401);
      expect(body.error.code).toBe('InvalidAuthenticationToken');
    }
  });

  it('refuses a second cycle while one runs, and names the running one', async () => {
    engine.simulator.setFaults({ delayMs: 30 });
    const first = await engine.ok<{ id: string }>('POST', `/api/jobs/${engine.jobId}/cycles`, { type: 'initial' });
    const second = await engine.call<Problem>('POST', `/api/jobs/${engine.jobId}/cycles`, { type: 'initial' });
    expect(second.status).toBe(409);
    expect(JSON.stringify(second.body)).toContain(first.id);
    engine.simulator.setFaults({ delayMs: 0 });
    for (;;) if ((await engine.ok<{ endedAt: string | null }>('GET', `/api/cycles/${first.id}`)).endedAt) break;
  });

  it('ends a cycle whose target answers HTML as failed, says so in the status, and heals with the target', async () => {
    const before = targetWorld(engine.simulator);
    const good = (await engine.ok<{ value: { key: string; value: string }[] }>('GET', `${root()}/secrets`)).value;
    await engine.ok('PUT', `${root()}/secrets`, {
      value: good.map((s) => (s.key === 'BaseAddress' ? { ...s, value: htmlUrl() } : s)),
    });
    const failed = await engine.cycle();
    expect(failed.state).toBe('failed');
    expect(failed.error?.code).toContain('ServiceIncompatible');
    const job = await engine.ok<{
      status: { code: string; quarantine: { reason: string; error: { message: string } } };
    }>('GET', engine.jobUrl);
    expect(job.status.quarantine.reason).toBe('EncounteredQuarantineException');
    expect(targetWorld(engine.simulator)).toEqual(before);
    await engine.ok('PUT', `${root()}/secrets`, {
      value: good.map((s) => (s.key === 'BaseAddress' ? { ...s, value: engine.simulator.url } : s)),
    });
    expect((await engine.cycle()).state).toBe('succeeded');
    expect(
      (await engine.ok<{ status: { quarantine: unknown } }>('GET', engine.jobUrl)).status.quarantine ?? null,
    ).toBeNull();
  });
});
