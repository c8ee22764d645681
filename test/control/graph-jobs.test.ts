import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemError } from '../../src/rules/model/errors.ts';
import { noCounts } from '../../src/rules/model/job.ts';
import { cycleOf, SP } from '../support/fake-deps.ts';
import { openControl } from '../support/control.ts';
import type { Control } from '../support/control.ts';

const root = `/v1.0/servicePrincipals/${SP.id}/synchronization`;
const uuid = /^[0-9a-f-]{36}$/;

let control: Control;
beforeEach(async () => void (control = await openControl()));
afterEach(() => control.close());

const created = async (): Promise<string> =>
  (await control.post(`${root}/jobs`, { templateId: 'scim' })).json<{ id: string }>().id;

describe('the documented life of a job', () => {
  it('answers with the statuses that strict clients check', async () => {
    const job = await control.post(`${root}/jobs`, { schedule: { state: 'Disabled' }, templateId: 'scim' });
    expect(job.statusCode).toBe(201);
    const path = `${root}/jobs/${job.json<{ id: string }>().id}`;
    const steps = [
      await control.send('GET', path),
      await control.send('POST', `${path}/start`),
      await control.send('GET', `${root}/jobs`),
      await control.send('POST', `${path}/pause`),
      await control.post(`${path}/restart`, { resetScope: 'Watermark, Escrows' }),
      await control.post(`${path}/restart`, {}),
      await control.send('DELETE', `${path}/`),
      await control.send('GET', path),
    ];
    expect(steps.map(({ statusCode }) => statusCode)).toEqual([200, 204, 200, 204, 204, 204, 204, 404]);
  });

  it('shows a new job in the exact shape of Graph', async () => {
    const id = await created();
    const answer = await control.send('GET', `${root}/jobs/${id}`);
    expect(answer.json()).toEqual({
      '@odata.context': `http://localhost:80/v1.0/$metadata#servicePrincipals('${SP.id}')/synchronization/jobs/$entity`,
      id,
      templateId: 'scim',
      schedule: { expiration: null, interval: 'PT40M', state: 'Disabled' },
      status: {
        code: 'Paused',
        countSuccessiveCompleteFailures: 0,
        escrowsPruned: false,
        lastExecution: null,
        lastSuccessfulExecution: null,
        lastSuccessfulExecutionWithExports: null,
        progress: [],
        quarantine: null,
        steadyStateFirstAchievedTime: '0001-01-01T00:00:00Z',
        steadyStateLastAchievedTime: '0001-01-01T00:00:00Z',
        synchronizedEntryCountByType: [],
        troubleshootingUrl: '',
      },
      synchronizationJobSettings: [{ name: 'AzureIngestionAttributeOptimization', value: 'False' }],
    });
    expect(answer.headers['content-type']).toBe(
      'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
    );
    expect(answer.headers['odata-version']).toBe('4.0');
    expect(answer.headers['request-id']).toMatch(uuid);
  });

  it('shows progress, counts and a quarantine', async () => {
    const id = await created();
    const error = {
      code: 'SystemForCrossDomainIdentityManagementInvalidCredentials',
      message: 'The token was refused.',
    } as const;
    const at = new Date('2026-05-18T18:00:00Z');
    await control.world.deps.jobs.update(id, {
      scheduleState: 'Active',
      successiveFailures: 1,
      quarantine: {
        reason: 'EncounteredQuarantineException',
        currentBegan: at,
        nextAttempt: at,
        seriesBegan: at,
        seriesCount: 1,
        error,
      },
    });
    control.world.links = { User: 7, Group: 0 };
    control.world.escrows = 2;
    control.world.cycles.push(
      cycleOf(id, { state: 'failed', error, counts: { ...noCounts, imported: 9, inScope: 8, created: 3, failed: 1 } }),
      cycleOf(id, { id: 'now', state: 'running', queuedAt: at, endedAt: null, progress: { done: 3, total: 8 } }),
    );
    const { status } = (await control.send('GET', `${root}/jobs/${id}`)).json<{ status: Record<string, unknown> }>();
    expect(status).toMatchObject({
      code: 'Quarantine',
      countSuccessiveCompleteFailures: 1,
      progress: [{ completedUnits: 3, totalUnits: 8, units: 'objects' }],
      quarantine: {
        reason: 'EncounteredQuarantineException',
        seriesCount: 1,
        error: { ...error, tenantActionable: true },
      },
      synchronizedEntryCountByType: [
        { key: 'User to urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', value: 7 },
      ],
      lastExecution: {
        state: 'Failed',
        countImported: 9,
        countEntitled: 8,
        countExported: 3,
        countExports: 4,
        countEscrowed: 2,
      },
      lastSuccessfulExecution: null,
    });
  });

  it('changes settings and interval, and refuses what is none', async () => {
    const path = `${root}/jobs/${await created()}`;
    const settings = [{ name: 'QuarantineTooManyDeletesThreshold', value: '50' }];
    const changed = await control.send('PATCH', path, {
      synchronizationJobSettings: settings,
      schedule: { interval: 'PT1H' },
    });
    expect(changed.statusCode).toBe(204);
    expect((await control.send('GET', path)).json()).toMatchObject({ schedule: { interval: 'PT1H' } });
    const wrong = await control.send('PATCH', path, { schedule: { interval: 'often' } });
    expect(wrong.statusCode).toBe(400);
    expect(wrong.json()).toMatchObject({ error: { target: 'schedule/interval' } });
    const other = await control.send('PATCH', path, { templateId: 'customappsso' });
    expect([other.statusCode, other.json()]).toMatchObject([400, { error: { target: 'templateId' } }]);
    expect((await control.send('PATCH', path, { templateId: 'scim' })).statusCode).toBe(204);
  });
});

describe('ways to write a path', () => {
  it.each([
    ['keys in parentheses', (id: string) => `${root}/jobs('${id}')`],
    ['escaped parentheses', (id: string) => `${root}/jobs(%27${id}%27)`],
    ['a trailing slash', (id: string) => `${root}/jobs/${id}/`],
    ['the appId as key', (id: string) => `/beta/servicePrincipals(appId='${SP.appId}')/synchronization/jobs/${id}`],
    ['another case', (id: string) => `/V1.0/serviceprincipals/${SP.id}/Synchronization/jobs/${id}`],
    ['doubled slashes', (id: string) => `//v1.0//servicePrincipals/${SP.id}/synchronization/jobs/${id}`],
  ])('are all understood: %s', async (_what, path) => {
    const id = await created();
    const answer = await control.send('GET', path(id));
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ id });
    expect(answer.headers['odata-version']).toBe('4.0');
  });

  it('counts in plain text', async () => {
    await created();
    for (const path of [`${root}/jobs/$count`, `${root}/templates/%24count`]) {
      const answer = await control.send('GET', path);
      expect([answer.statusCode, answer.body, answer.headers['content-type']]).toEqual([
        200,
        '1',
        'text/plain; charset=utf-8',
      ]);
    }
  });
});

describe('credentials', () => {
  it('are replaced by PUT and shown masked, as many as were saved', async () => {
    const value = [
      { key: 'BaseAddress', value: 'https://app.example/scim' },
      { key: 'SecretToken', value: 'hush' },
      { key: 'SyncAll', value: '' },
    ];
    expect((await control.send('PUT', `${root}/secrets`, { value })).statusCode).toBe(204);
    const shown = (await control.send('GET', `${root}/secrets`)).json<{ value: unknown }>();
    expect(shown.value).toEqual([
      { key: 'BaseAddress', value: 'https://app.example/scim' },
      { key: 'SecretToken', value: '*' },
    ]);
    expect((await control.send('GET', `${root}/secrets/$count`)).body).toBe('2');
  });

  it('are tested: 204, or 400 with the reason the application gives', async () => {
    const credentials = [{ key: 'BaseAddress', value: 'https://app.example/scim' }];
    const test = () => control.post(`${root}/jobs/validateCredentials`, { templateId: 'scim', credentials });
    expect((await test()).statusCode).toBe(204);
    const code = 'SystemForCrossDomainIdentityManagementInvalidCredentials';
    control.world.testConnection = () => Promise.reject(new SystemError(code, 'https://app.example answered 401.'));
    const refused = await test();
    expect([refused.statusCode, refused.json<{ error: { code: string } }>().error.code]).toEqual([400, code]);
  });

  it('are saved with a warning when the tenant URL is none of the application', async () => {
    await control.post(`${root}/jobs`, { templateId: 'gtmhub' });
    const save = (url: string) =>
      control.send('PUT', `${root}/secrets`, { value: [{ key: 'BaseAddress', value: url }] });
    const fits = await save('https://app.us.gtmhub.com/api/v1/scim/azure/5f0c');
    expect([fits.statusCode, fits.headers.warning]).toEqual([204, undefined]);
    const other = await save('https://app.example/scim');
    expect(other.statusCode).toBe(204);
    expect(other.headers.warning).toMatch(/^299 provisor "Tenant URLs of Gtmhub look like https:/);
  });

  it('are known by their keys in any case, as the fields of a template are named', async () => {
    const value = [
      { key: 'baseaddress', value: 'https://app.example/scim' },
      { key: 'secrettoken', value: 'hush' },
    ];
    await control.send('PUT', `${root}/secrets`, { value });
    expect(control.world.secrets.get(SP.id)).toEqual({ BaseAddress: 'https://app.example/scim', SecretToken: 'hush' });
    const twice = await control.send('PUT', `${root}/secrets`, {
      value: [...value, { key: 'SecretToken', value: 'x' }],
    });
    expect([twice.statusCode, twice.json()]).toMatchObject([400, { error: { target: 'SecretToken' } }]);
  });

  it('of an unknown application are not tested', async () => {
    const credentials = [{ key: 'BaseAddress', value: 'https://app.example/scim' }];
    control.world.testConnection = () => Promise.reject(new Error('the application was asked'));
    const answer = await control.post('/v1.0/servicePrincipals/nobody/synchronization/jobs/validateCredentials', {
      credentials,
    });
    expect([answer.statusCode, answer.json()]).toMatchObject([404, { error: { code: 'Request_ResourceNotFound' } }]);
  });

  it('of an unknown application answer 404', async () => {
    const answer = await control.send('GET', '/v1.0/servicePrincipals/nobody/synchronization/secrets');
    expect([answer.statusCode, answer.json<{ error: { code: string } }>().error.code]).toEqual([
      404,
      'Request_ResourceNotFound',
    ]);
  });
});

describe('schemas and templates', () => {
  it('give the schema of a job back as it can be saved, and refuse a wrong one with every finding', async () => {
    const path = `${root}/jobs/${await created()}/schema`;
    const schema = (await control.send('GET', path)).json<Record<string, unknown>>();
    expect(schema['directories@odata.context']).toContain('/schema/directories');
    expect((await control.send('PUT', path, schema)).statusCode).toBe(204);
    expect((await control.send('PATCH', path, schema)).statusCode).toBe(204);
    expect((await control.send('DELETE', path)).statusCode).toBe(204);
    expect((await control.send('GET', path)).json<{ version: string }>().version).toBe('4.0');
    const wrong = await control.send('PUT', path, { synchronizationRules: 'none' });
    expect(wrong.statusCode).toBe(400);
    const { error } = wrong.json<{ error: { target: string; details: unknown[] } }>();
    expect(error.target).toContain('synchronizationRules');
    expect(error.details.length).toBeGreaterThan(0);
    expect((await control.send('GET', path)).json<{ version: string }>().version).toBe('4.0');
  });

  it.each(['', '/$count', '/scim', '/scim/schema'])(
    'of an unknown application answer 404: templates%s',
    async (rest) => {
      const answer = await control.send('GET', `/v1.0/servicePrincipals/nobody/synchronization/templates${rest}`);
      expect([answer.statusCode, answer.json()]).toMatchObject([404, { error: { target: 'nobody' } }]);
    },
  );

  it('say what is wrong with a schema as a whole, without naming a place', async () => {
    const answer = await control.send('PUT', `${root}/jobs/${await created()}/schema`, []);
    const { error } = answer.json<{ error: { message: string; target?: string } }>();
    expect([answer.statusCode, error.target]).toEqual([400, undefined]);
    expect(error.message).toMatch(/^The schema was not saved: it has one finding\. This must be an object/);
  });

  it('list the templates with their schema inline, with keys cased as each version has them', async () => {
    const keys = async (version: string): Promise<string[]> => {
      const answer = await control.send('GET', `/${version}/servicePrincipals/${SP.id}/synchronization/templates`);
      const [template] = answer.json<{ value: { metadata: { key: string }[]; schema: { id: string } }[] }>().value;
      expect(template?.schema.id).toBe(`scim.${'0'.repeat(32)}`);
      return template?.metadata.map(({ key }) => key) ?? [];
    };
    expect(await keys('v1.0')).toContain('ConfigurationFields');
    expect(await keys('beta')).toContain('configurationFields');
    expect((await control.send('GET', `${root}/templates/scim`)).statusCode).toBe(200);
    expect((await control.send('GET', `${root}/templates/nope`)).statusCode).toBe(404);
  });
});
