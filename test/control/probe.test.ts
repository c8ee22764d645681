// The probe over HTTP: with consent only, and what it found is checked before a job speaks it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openControl } from '../support/control.ts';
import type { Control } from '../support/control.ts';
import { SP } from '../support/fake-deps.ts';
import { startBetterAuth } from '../contract/servers/better-auth.ts';
import { startScimmy } from '../contract/servers/scimmy.ts';
import { services } from '../../src/simulators/applications/index.ts';
import { atEnd, endAll, simulator, targets, token } from '../target/support.ts';

interface Report {
  readonly rows: readonly { readonly step: string; readonly result: string; readonly detail: string }[];
  readonly found: object;
  readonly left: readonly string[];
}
let control: Control;
let path: string;
beforeEach(async () => {
  control = await openControl();
  Object.assign(control.world.deps, { targets: targets({ wait: () => Promise.resolve() }) });
  const jobs = `/v1.0/servicePrincipals/${SP.id}/synchronization/jobs`;
  const { id } = (await control.post(jobs, { templateId: 'scim' })).json<{ id: string }>();
  path = `/api/jobs/${id}/probe`;
});
afterEach(async () => {
  await control.close();
  await endAll();
});
const connect = (url: string, secret = token) =>
  control.world.secrets.set(SP.id, { BaseAddress: url, SecretToken: secret });
const probed = async (): Promise<Report> => (await control.post(path, { consent: true })).json<Report>();
const failing = ({ rows }: Report) => rows.filter(({ result }) => result === 'does not work');

describe('the probe of a job', () => {
  it('is refused without consent, and nothing is sent', async () => {
    const app = await simulator();
    connect(app.url);
    for (const body of [{}, { consent: false }]) expect((await control.post(path, body)).statusCode).toBe(400);
    expect(app.requests().log).toEqual([]);
  });

  it('is refused without credentials', async () => {
    const answer = await control.post(path, { consent: true });
    expect([answer.statusCode, answer.json<{ error: { code: string } }>().error.code]).toEqual([
      400,
      'CredentialsMissing',
    ]);
  });

  it('lets the job speak what was found, and refuses what is no knob', async () => {
    expect((await control.send('PUT', path, { found: { opCase: 'capital' } })).json()).toEqual({
      found: { opCase: 'capital' },
    });
    expect((await control.send('PUT', path, { found: { opCase: 'UPPER' } })).statusCode).toBe(400);
    expect((await control.send('PUT', path, { found: { nonsense: 1 } })).statusCode).toBe(400);
  });

  it('finds out that SCIMMY takes several writes at once', async () => {
    const scimmy = await startScimmy();
    atEnd(() => scimmy.close());
    connect(scimmy.url, scimmy.token);
    const report = await probed();
    expect([failing(report), report.left]).toEqual([[], []]);
    expect(report.found).toHaveProperty('bulk.maxOperations');
  });

  it('understands better-auth, and leaves nothing behind', async () => {
    const app = await startBetterAuth();
    atEnd(() => app.close());
    connect(app.url, app.token);
    const report = await probed();
    expect([failing(report), report.left]).toEqual([[], []]);
  });

  it.each(services.map(({ name }) => name))('tells how %s is, and leaves nothing behind', async (name) => {
    const rules = services.find((one) => one.name === name);
    const app = await simulator({ seedUsers: 1, ...(rules === undefined ? {} : { rules }) });
    connect(app.url);
    const report = await probed();
    expect(report.left).toEqual([]);
    expect(report.rows.at(-1)).toMatchObject({ step: 'delete', result: 'works' });
    expect([app.state().users.length, app.state().groups.length]).toEqual([1, 0]);
  });
});
