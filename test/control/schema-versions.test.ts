import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SP } from '../support/fake-deps.ts';
import { openControl } from '../support/control.ts';
import type { Control } from '../support/control.ts';

const root = `/v1.0/servicePrincipals/${SP.id}/synchronization`;

interface Schema {
  synchronizationRules: {
    objectMappings: { attributeMappings: { targetAttributeName: string; source: unknown }[] }[];
  }[];
}

interface Detail {
  readonly target: string;
  readonly message: string;
  readonly code: string;
  readonly severity: string;
}

let control: Control;
let jobId: string;
let path: string;
beforeEach(async () => {
  control = await openControl();
  jobId = (await control.post(`${root}/jobs`, { templateId: 'scim' })).json<{ id: string }>().id;
  path = `${root}/jobs/${jobId}/schema`;
});
afterEach(() => control.close());

const current = async () => (await control.send('GET', path)).json<Schema>();
async function withDisplayName(expression: string): Promise<Schema> {
  const schema = await current();
  const mappings = schema.synchronizationRules[0]?.objectMappings[0]?.attributeMappings ?? [];
  const displayName = mappings.find(({ targetAttributeName }) => targetAttributeName === 'displayName');
  if (displayName === undefined) throw new Error('the template does not map displayName');
  displayName.source = { type: 'Function', name: 'ToUpper', expression };
  return schema;
}
const versions = (rest = '') => `/api/jobs/${jobId}/schemaVersions${rest}`;

describe('versions of a schema', () => {
  it('are listed with who saved them, shown, compared, and brought back', async () => {
    expect((await control.send('PUT', path, await withDisplayName('ToUpper([displayName])'))).statusCode).toBe(204);
    expect((await control.send('PUT', path, await withDisplayName('ToUpper([surname])'))).statusCode).toBe(204);
    const { value } = (await control.send('GET', versions())).json<{
      value: { version: number; savedBy: unknown }[];
    }>();
    expect(value.map(({ version, savedBy }) => [version, savedBy])).toEqual([
      [3, 'admin token'],
      [2, 'admin token'],
      [1, null],
    ]);
    const change = { kind: 'changed', where: 'User › displayName › source' };
    const [original, upper, surname] = ['[displayName]', 'ToUpper([displayName])', 'ToUpper([surname])'];
    expect((await control.send('GET', versions('/3/diff'))).json()).toEqual({
      from: 2,
      to: 3,
      changes: [{ ...change, before: upper, after: surname }],
    });
    expect((await control.send('GET', versions('/3/diff?from=1'))).json()).toMatchObject({
      changes: [{ before: original, after: surname }],
    });
    expect((await control.send('GET', versions('/1/diff'))).json()).toMatchObject({ changes: [] });
    const back = await control.send('POST', versions('/1/rollback'));
    expect([back.statusCode, back.json<{ version: number }>().version]).toEqual([200, 4]);
    const [shown, first] = [await current(), (await control.send('GET', versions('/1'))).json<{ schema: Schema }>()];
    expect(shown.synchronizationRules).toEqual(first.schema.synchronizationRules);
    expect(control.world.audits.at(-1)).toMatchObject({
      before: { version: 3, 'User › displayName › source': surname },
      after: { version: 4, 'User › displayName › source': original },
    });
  });

  it.each([
    ['GET', '/9', 404],
    ['GET', '/9/diff', 404],
    ['GET', '/1/diff?from=9', 404],
    ['GET', '/1/diff?from=last', 400],
    ['GET', '/1/diff?from=1&from=2', 400],
    ['GET', '/newest', 400],
    ['POST', '/9/rollback', 404],
    ['POST', '/-1/rollback', 400],
    ['DELETE', '/1', 405],
  ] as const)('%s %s is refused', async (method, rest, status) => {
    expect((await control.send(method, versions(rest))).statusCode).toBe(status);
    expect(control.world.schemas.get(jobId)).toHaveLength(1);
  });
});

describe('a schema that is tried', () => {
  const trial = async (document: object) => {
    const answer = await control.post(`/api/jobs/${jobId}/schema/validate`, document);
    expect(answer.statusCode).toBe(200);
    return answer.json<{
      findings: { severity: string; at: number | null; attribute: string | null }[];
      changes: unknown[];
    }>();
  };

  it('is told what it changes, and is not saved', async () => {
    const { findings, changes } = await trial(await withDisplayName('ToUpper([surname])'));
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(changes).toHaveLength(1);
    expect(control.world.schemas.get(jobId)).toHaveLength(1);
  });

  it('is told all that is wrong with it, at its place', async () => {
    const { findings, changes } = await trial(await withDisplayName('ToUpper([surnam])'));
    expect(findings[0]).toMatchObject({ severity: 'error', attribute: 'displayName', at: 9 });
    expect(changes).toEqual([]);
  });
});

describe('a refused schema', () => {
  it('is one error body that counts the findings, tells the first, and has each with remedy and place', async () => {
    const schema = await withDisplayName('ToUper([surnam])');
    schema.synchronizationRules[0]?.objectMappings[0]?.attributeMappings.push({
      targetAttributeName: 'displayName',
      source: { type: 'Attribute', name: 'surnam' },
    });
    for (const method of ['PUT', 'PATCH'] as const) {
      const answer = await control.send(method, path, schema);
      expect(answer.statusCode).toBe(400);
      const { error } = answer.json<{
        error: { code: string; message: string; target: string; details: Detail[] };
      }>();
      const errors = error.details.filter(({ severity }) => severity === 'error').length;
      expect(errors).toBeGreaterThan(1);
      expect(error.message).toMatch(
        new RegExp(`^The schema was not saved: it has ${String(errors)} findings, all in the details.`),
      );
      expect(error.message).toContain(error.details[0]?.message);
      expect([error.code, error.target]).toEqual([error.details[0]?.code, error.details[0]?.target]);
      expect(error.details.every(({ target, message }) => target !== '' && /[.?]$/.test(message))).toBe(true);
    }
    expect(control.world.schemas.get(jobId)).toHaveLength(1);
  });

  it.each([
    ['nothing', undefined],
    ['a list', []],
    ['a text', '"x"'],
    ['an empty object', {}],
    ['a document nested without end', `{"synchronizationRules":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
    ['a prototype', '{"__proto__":{"synchronizationRules":[]},"constructor":{"prototype":{}}}'],
  ])('is %s', async (_what, body) => {
    const answer = await control.app.inject({
      method: 'PUT',
      url: path,
      headers: { authorization: 'Bearer an-admin-token-for-tests', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { payload: body }),
    });
    expect(answer.statusCode).toBe(400);
    expect(control.world.schemas.get(jobId)).toHaveLength(1);
  });
});
