// The requests that Terraform's azuread provider sends, in its order and with the statuses that it insists on: found by its
// metadata host, signed in as a service principal, polling as it polls.
import { Agent, fetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine } from '../support/engine.ts';
import type { TestEngine } from '../support/engine.ts';

interface Metadata {
  readonly name: string;
  readonly resourceManager: string;
  readonly microsoftGraphResourceId: string;
  readonly authentication: { readonly loginEndpoint: string };
}
interface Job {
  readonly id: string;
  readonly templateId: string;
  readonly schedule: { readonly expiration: string | null; readonly interval: string; readonly state: string };
}

describe("Terraform's azuread provider", () => {
  let engine: TestEngine;
  let dispatcher: Agent;
  let graph: string;
  let token = '';
  beforeAll(async () => {
    engine = await startTestEngine({ users: 5, groups: 1 });
    dispatcher = new Agent({ connect: { ca: engine.caPem } });
  });
  afterAll(async () => {
    await dispatcher.close();
    await engine.close();
  });

  const send = async (method: string, url: string, body?: object) =>
    fetch(url, {
      method,
      dispatcher,
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8; IEEE754Compatible=false' }),
        accept: 'application/json; charset=utf-8; IEEE754Compatible=false',
        'odata-maxversion': '4.0',
        'odata-version': '4.0',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const read = async <T>(path: string): Promise<T> => {
    const answer = await send('GET', `${graph}/v1.0${path}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    return (await answer.json()) as T;
  };
  const write = async (method: string, path: string, body?: object) =>
    (await send(method, `${graph}/v1.0${path}`, body)).status;

  it('finds the cloud, signs in, and makes, changes and destroys what its resources describe', async () => {
    const metadata = (await (
      await send('GET', `${engine.tlsUrl}/metadata/endpoints?api-version=2022-09-01`)
    ).json()) as Metadata;
    expect(metadata.name).not.toBe('');
    expect(metadata.resourceManager).not.toBe('');
    graph = metadata.microsoftGraphResourceId;

    const granted = await fetch(`${metadata.authentication.loginEndpoint}/${engine.tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      dispatcher,
      body: new URLSearchParams({
        client_id: 'provisor',
        client_secret: 'provisor',
        grant_type: 'client_credentials',
        scope: `${graph}/.default`,
      }),
    });
    token = ((await granted.json()) as { access_token: string }).access_token;
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { oid?: string };
    expect(claims.oid).toBeTypeOf('string');

    const templates = await read<{ value: { id: string; displayName: string }[] }>(
      `/applicationTemplates?$filter=${encodeURIComponent("displayName eq 'Dialpad'")}`,
    );
    expect(templates.value.map(({ displayName }) => displayName)).toEqual(['Dialpad']);
    const made = await send('POST', `${graph}/v1.0/applicationTemplates/${templates.value[0]?.id ?? ''}/instantiate`, {
      displayName: 'Terraformed',
    });
    expect(made.status).toBe(201);
    const { application, servicePrincipal } = (await made.json()) as {
      application: { id: string };
      servicePrincipal: { id: string };
    };
    await read(`/applications/${application.id}`);
    await read(`/servicePrincipals/${servicePrincipal.id}`);
    expect((await send('GET', `${graph}/beta/servicePrincipals/${servicePrincipal.id}`)).status).toBe(200);

    const root = `/servicePrincipals/${servicePrincipal.id}/synchronization`;
    const secrets = [
      { key: 'BaseAddress', value: engine.simulator.url },
      { key: 'SecretToken', value: engine.targetToken },
    ];
    expect(await write('PUT', `${root}/secrets`, { value: secrets })).toBe(204);
    expect((await read<{ value: object[] }>(`${root}/secrets`)).value).toEqual([
      { key: 'BaseAddress', value: engine.simulator.url },
      { key: 'SecretToken', value: '*' },
    ]);

    const { value: offered } = await read<{ value: { id: string }[] }>(`${root}/templates`);
    const created = await send('POST', `${graph}/v1.0${root}/jobs`, {
      schedule: { state: 'Disabled' },
      templateId: offered[0]?.id ?? '',
    });
    expect(created.status).toBe(201);
    const job = (await created.json()) as Job;
    const path = `${root}/jobs/${job.id}`;
    expect(await write('POST', `${path}/start`)).toBe(204);
    expect((await read<Job>(path)).schedule).toEqual({ expiration: null, interval: 'PT40M', state: 'Active' });

    const users = await read<{ value: { id: string }[] }>('/users?$top=1');
    const schema = await read<{ synchronizationRules: { id: string }[] }>(`${path}/schema`);
    const parameters = [
      {
        ruleId: schema.synchronizationRules[0]?.id,
        subjects: [{ objectId: users.value[0]?.id, objectTypeName: 'User' }],
      },
    ];
    expect([200, 201]).toContain(await write('POST', `${path}/provisionOnDemand`, { parameters }));

    expect(await write('POST', `${path}/pause`)).toBe(204);
    expect((await read<Job>(path)).schedule.state).not.toBe('Active');
    expect(await write('POST', `${path}/restart`, {})).toBe(204);
    expect(await write('POST', `${path}/restart`, { resetScope: 'Watermark, Escrows, QuarantineState' })).toBe(204);
    expect(await write('DELETE', `${path}/`)).toBe(204);
    expect(await write('GET', path)).toBe(404);

    expect(await write('PUT', `${root}/secrets`, { value: secrets.map(({ key }) => ({ key, value: '' })) })).toBe(204);
    expect((await read<{ value: object[] }>(`${root}/secrets`)).value).toEqual([]);
    expect(await write('PATCH', `/applications/${application.id}`, { displayName: 'Terraformed anew' })).toBe(204);
    expect(await write('DELETE', `/applications/${application.id}`)).toBe(204);
  });

  it('is told what is wrong for good by 400 and 404, which it does not try again', async () => {
    const root = `/servicePrincipals/${engine.servicePrincipalId}/synchronization`;
    expect(await write('POST', `${root}/jobs`, { templateId: 'no-such-template' })).toBe(400);
    expect(await write('GET', `${root}/jobs/no-such-job`)).toBe(404);
    expect(await write('PUT', `${root}/secrets`, { value: [{ key: 'BaseAddress', value: 'nonsense' }] })).toBe(400);
  });
});
