// Every route of the API against every role. Reads need a reader and writes an admin, unless they stand here.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allows, roles } from '../../src/rules/model/access.ts';
import type { Role } from '../../src/rules/model/access.ts';
import { openControl } from '../support/control.ts';
import type { Control } from '../support/control.ts';

const JOB = 'synchronization/jobs/{jobId}';
const otherwise: Readonly<Record<string, Role | 'anyone'>> = {
  // Run what is configured.
  [`POST ${JOB}/start`]: 'operator',
  [`POST ${JOB}/pause`]: 'operator',
  [`POST ${JOB}/restart`]: 'operator',
  [`POST ${JOB}/provisionOnDemand`]: 'operator',
  [`POST ${JOB}/bulkUpload`]: 'operator',
  [`POST ${JOB}/bulkUpload/$value`]: 'operator',
  [`POST ${JOB}/validateCredentials`]: 'operator',
  'POST synchronization/jobs/validateCredentials': 'operator',
  'POST /api/jobs/{jobId}/cycles': 'operator',
  'POST /api/jobs/{jobId}/probe': 'operator',
  'POST /api/jobs/{jobId}/links': 'operator',
  'DELETE /api/jobs/{jobId}/links/{sourceId}': 'operator',
  'POST /api/jobs/{jobId}/held/approve': 'operator',
  'POST /api/jobs/{jobId}/held/reject': 'operator',
  'POST /api/jobs/{jobId}/escrows/retry': 'operator',
  'POST /api/jobs/{jobId}/escrows/ignore': 'operator',
  'POST /api/jobs/{jobId}/escrows/snooze': 'operator',
  'POST /api/notifications/test': 'operator',
  // Change nothing, whatever their verb.
  [`POST ${JOB}/schema/parseExpression`]: 'reader',
  'POST synchronization/templates/{templateId}/schema/parseExpression': 'reader',
  'POST /api/jobs/{jobId}/schema/validate': 'reader',
  'DELETE /api/session': 'reader',
  // Who is in, and how to get in.
  'GET /api/tokens': 'admin',
  'GET /api/session': 'anyone',
  'POST /api/session': 'anyone',
  'GET /api/session/openid': 'anyone',
  'GET /api/session/openid/callback': 'anyone',
};

interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly needs: Role | 'anyone';
}

const expected = ({ method, path }: Route): Role | 'anyone' =>
  otherwise[`${method} ${path.replace(/^\/(v1\.0|beta)\/(servicePrincipals|applications)\/\{\w+\}\//, '')}`] ??
  (method === 'GET' ? 'reader' : 'admin');

let control: Control;
let routes: readonly Route[];
beforeAll(async () => {
  control = await openControl({
    access: {
      verifyToken: (token) => Promise.resolve({ subject: token, roles: roles.filter((role) => role === token) }),
    },
  });
  const { paths } = (await control.send('GET', '/api/openapi.json')).json<{
    paths: Record<string, Record<string, { description: string }>>;
  }>();
  routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { description }]) => ({
      method: method.toUpperCase() as Route['method'],
      path,
      needs: (/role (\w+)/.exec(description)?.[1] ?? 'anyone') as Route['needs'],
    })),
  );
});
afterAll(() => control.close());

describe('every route', () => {
  it('needs the role that it should', () => {
    expect(routes.length).toBeGreaterThan(40);
    const wrong = routes.filter((route) => route.needs !== expected(route));
    expect(wrong.map((route) => `${route.method} ${route.path} needs ${route.needs}`)).toEqual([]);
  });

  it('lets in whoever has the role, and nobody else', async () => {
    for (const route of routes) {
      const url = route.path.replace(/\{\w+\}/g, 'x');
      // With an id that no event had, a stream of events is refused instead of going on without end.
      const statusFor = async (headers: Readonly<Record<string, string>>) =>
        (await control.app.inject({ method: route.method, url, headers: { ...headers, 'last-event-id': 'none' } }))
          .statusCode;
      const unknown = await statusFor({});
      const statuses = await Promise.all(roles.map((role) => statusFor({ authorization: `Bearer ${role}` })));
      const { needs } = route;
      const letIn = [unknown, ...statuses].map((status) => status !== 401 && status !== 403);
      const should =
        needs === 'anyone' ? [true, true, true, true] : [false, ...roles.map((role) => allows(role, needs))];
      expect([`${route.method} ${url}`, ...letIn]).toEqual([`${route.method} ${url}`, ...should]);
    }
  });

  it('exists as HEAD for the same role where it can be read', async () => {
    for (const { path } of routes.filter(({ method, needs }) => method === 'GET' && needs === 'admin')) {
      const headers = { authorization: 'Bearer reader' };
      expect((await control.app.inject({ method: 'HEAD', url: path, headers })).statusCode).toBe(403);
    }
  });
});
