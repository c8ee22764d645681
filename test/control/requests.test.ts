import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SP } from '../support/fake-deps.ts';
import { ADMIN, openControl } from '../support/control.ts';
import type { Control } from '../support/control.ts';

const root = `/v1.0/servicePrincipals/${SP.id}/synchronization`;

interface GraphError {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly innerError: Readonly<Record<string, string>>;
  };
}

let control: Control;
beforeEach(async () => void (control = await openControl({ access: { verifyToken: tokens } })));
afterEach(() => control.close());

const tokens = (token: string) =>
  Promise.resolve(
    (
      {
        r: { subject: 'reader', roles: ['reader' as const] },
        o: { subject: 'operator', roles: ['operator' as const] },
        n: { subject: 'nobody', roles: [] },
      } as const
    )[token] ?? null,
  );
const as = (token: string, method: 'GET' | 'POST' | 'DELETE', url: string, body?: object) =>
  control.send(method, url, body, { authorization: `Bearer ${token}` });

describe('access', () => {
  it.each([
    '/v1.0/auditLogs/provisioning',
    '/beta/auditLogs/provisioning',
    '/api/jobs',
    '/metrics',
    `${root}/jobs`,
    '/v1.0/users',
  ])('refuses %s without a token, however it is written', async (path) => {
    for (const url of [path, `/${path}`, path.toUpperCase(), path.replace('a', '%61'), `${path}/`]) {
      const answer = await control.app.inject({ method: 'GET', url });
      expect([url, answer.statusCode === 401 || answer.statusCode === 404]).toEqual([url, true]);
    }
    const answer = await control.app.inject({ method: 'GET', url: path });
    expect(answer.json<GraphError>().error.code).toBe('InvalidAuthenticationToken');
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it.each(['wrong', 'n', `${ADMIN}x`, ADMIN.slice(1)])('refuses the token %s', async (token) => {
    expect((await as(token, 'GET', '/api/jobs')).statusCode).toBe(401);
  });

  it('lets a reader read, an operator run, and only an admin change the configuration', async () => {
    const { id } = (await control.post(`${root}/jobs`, { templateId: 'scim' })).json<{ id: string }>();
    const statuses = async (token: string) => [
      (await as(token, 'GET', `${root}/jobs`)).statusCode,
      (await as(token, 'POST', `${root}/jobs/${id}/start`)).statusCode,
      (await as(token, 'POST', `${root}/jobs`, { templateId: 'scim' })).statusCode,
      (await as(token, 'POST', '/v1.0/users', {})).statusCode,
    ];
    expect(await statuses('r')).toEqual([200, 403, 403, 403]);
    expect(await statuses('o')).toEqual([200, 204, 403, 403]);
    expect(control.world.audits.at(-1)?.actor).toBe('operator');
  });

  it('asks for no token on the health of the process', async () => {
    for (const url of ['/healthz', '/readyz']) expect((await control.app.inject({ url })).statusCode).toBe(200);
  });
});

describe('answers', () => {
  it('carry ids and headers that keep browsers from guessing', async () => {
    const answer = await control.send('GET', '/api/jobs', undefined, { 'client-request-id': 'my-own-id' });
    expect(answer.headers).toMatchObject({
      'client-request-id': 'my-own-id',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
    });
  });

  it('name what was wrong in an error body of Graph', async () => {
    const answer = await control.send('GET', `${root}/jobs/nope`, undefined, { 'client-request-id': 'my-own-id' });
    const { error } = answer.json<GraphError>();
    expect([answer.statusCode, error.code]).toEqual([404, 'Request_ResourceNotFound']);
    expect(error.message).toContain("'nope'");
    expect(error.innerError['request-id']).toBe(answer.headers['request-id']);
    expect(error.innerError['client-request-id']).toBe('my-own-id');
  });

  it.each([
    ['a body that is no JSON', 'POST', `${root}/jobs`, '{', 'application/json', 400],
    ['a body that is missing', 'POST', `${root}/jobs`, '', 'application/json', 400],
    ['a body of the wrong shape', 'POST', `${root}/jobs`, '{"templateId":7}', 'application/json', 400],
    ['a content type that is not read', 'POST', `${root}/jobs`, 'a=b', 'application/x-www-form-urlencoded', 415],
    ['a body in plain text', 'POST', `${root}/jobs`, '{"templateId":"scim"}', 'text/plain', 415],
    [
      'a body that is too large',
      'POST',
      `${root}/jobs`,
      `{"templateId":"${'x'.repeat(1_100_000)}"}`,
      'application/json',
      413,
    ],
    ['an unknown path', 'GET', '/v1.0/nowhere', '', '', 404],
    ['an unknown path below a job', 'GET', `${root}/jobs/x/y/z`, '', '', 404],
    ['a method that a path does not have', 'PUT', `${root}/jobs`, '{}', 'application/json', 405],
  ] as const)('refuse %s', async (...wrong) => {
    const [, method, url, payload, type, status] = wrong;
    const headers = { authorization: `Bearer ${ADMIN}`, ...(type === '' ? {} : { 'content-type': type }) };
    const answer = await control.app.inject({ method, url, payload, headers });
    expect(answer.statusCode).toBe(status);
    expect(answer.json<GraphError>().error.message).toMatch(/\w{3,}.*\.$/s);
    expect(answer.body).not.toContain('node_modules');
  });

  it('name each wrong property of a body', async () => {
    const answer = await control.send('PUT', `${root}/secrets`, {
      value: [{ key: 'BaseAddress', value: 1 }, { value: 'x' }],
    });
    const { error } = answer.json<{ error: { details: { target: string }[] } }>();
    expect(error.details.map(({ target }) => target)).toEqual(['value/0/value', 'value/1/key']);
  });

  it('say that a property is missing, and name no property when the whole body is wrong', async () => {
    const errorOf = async (body: object) => (await control.post(`${root}/jobs`, body)).json<GraphError>().error;
    expect((await errorOf({})).message).toBe(
      "Property 'templateId' is not as expected: it is missing, and must be of type string.",
    );
    expect(await errorOf([])).not.toHaveProperty('target');
  });

  it('say nothing of the insides when there is a bug, which is logged under the request id', async () => {
    control.world.jobs.get = () => {
      throw new Error('secret insides');
    };
    const answer = await control.send('GET', `${root}/jobs/x`);
    expect([answer.statusCode, answer.json<GraphError>().error.code]).toEqual([500, 'InternalServerError']);
    expect(answer.body).not.toContain('secret insides');
    const lines = control.logged.join('');
    expect(lines).toContain(String(answer.headers['request-id']));
    expect(lines).toContain('secret insides');
    expect(lines).not.toContain(ADMIN);
  });

  it('accept an action whose empty body claims to be JSON', async () => {
    const { id } = (await control.post(`${root}/jobs`, { templateId: 'scim' })).json<{ id: string }>();
    const answer = await control.send('POST', `${root}/jobs/${id}/start`, undefined, {
      'content-type': 'application/json',
    });
    expect(answer.statusCode).toBe(204);
  });
});

describe('directory paths', () => {
  it('say where a real tenant is driven when nothing is forwarded', async () => {
    const answer = await control.send('GET', '/v1.0/users?$top=1');
    expect(answer.statusCode).toBe(404);
    expect(answer.json<GraphError>().error.message).toContain('graph.microsoft.com');
  });
});

describe('the description of the API', () => {
  it('has every route, with the bodies that it takes', async () => {
    const document = (await control.send('GET', '/api/openapi.json')).json<{
      paths: Record<string, Record<string, unknown>>;
    }>();
    expect(document.paths['/api/jobs/{jobId}/cycles']?.['post']).toMatchObject({
      requestBody: { content: { 'application/json': { schema: { required: ['type'] } } } },
    });
    expect(Object.keys(document.paths).length).toBeGreaterThan(30);
  });
});

describe('metrics', () => {
  it('are told of every answer by its route, and shown as they are', async () => {
    const answered: object[] = [];
    const watched = await openControl({
      metrics: {
        contentType: 'text/plain; version=0.0.4',
        text: () => Promise.resolve('a_metric 1\n'),
        answered: (answer) => void answered.push(answer),
      },
    });
    try {
      await watched.post(`${root}/jobs`, { templateId: 'scim' });
      const { body, headers } = await watched.send('GET', '/metrics');
      expect([body, headers['content-type']]).toEqual(['a_metric 1\n', 'text/plain; version=0.0.4']);
      expect(answered).toMatchObject([
        { method: 'POST', route: expect.stringMatching(/:servicePrincipalId.+jobs$/) as string, status: '201' },
        { method: 'GET', route: '/metrics', status: '200' },
      ]);
    } finally {
      await watched.close();
    }
  });
});
