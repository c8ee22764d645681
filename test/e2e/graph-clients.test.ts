// What drove Entra drives Provisor: Microsoft's own Graph client with a credential of the tenant, only its base URL changed.
import { ClientSecretCredential } from '@azure/identity';
import { Client } from '@microsoft/microsoft-graph-client';
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js';
import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine } from '../support/engine.ts';
import type { TestEngine } from '../support/engine.ts';

describe("Microsoft's Graph client", () => {
  let engine: TestEngine;
  let graph: Client;
  beforeAll(async () => {
    engine = await startTestEngine({ users: 15, groups: 2 });
    const { mockUrl, tlsUrl, caPem, tenantId } = engine;
    const credential = new ClientSecretCredential(tenantId, 'provisor', 'provisor', {
      authorityHost: mockUrl,
      disableInstanceDiscovery: true,
      tlsOptions: { ca: caPem },
    });
    graph = Client.initWithMiddleware({
      authProvider: new TokenCredentialAuthenticationProvider(credential, {
        scopes: ['https://graph.microsoft.com/.default'],
      }),
      baseUrl: tlsUrl,
      defaultVersion: 'v1.0',
      customHosts: new Set([new URL(tlsUrl).hostname]),
      fetchOptions: { dispatcher: new Agent({ connect: { ca: caPem } }) } as object,
    });
  });
  afterAll(() => engine.close());

  it('walks the documented script: instantiate, credentials, job, assign, schema, start, poll, logs', async () => {
    const app = (await graph
      .api('/applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate')
      .post({ displayName: 'Scripted' })) as {
      servicePrincipal: { id: string; appRoles: { id: string }[] };
    };
    const { id: principal, appRoles } = app.servicePrincipal;
    const root = `/servicePrincipals/${principal}/synchronization`;
    const templates = (await graph.api(`${root}/templates`).get()) as { value: { id: string }[] };
    expect(templates.value.map(({ id }) => id)).toContain('scim');
    const job = (await graph.api(`${root}/jobs`).post({ templateId: 'scim' })) as {
      id: string;
      schedule: { state: string; interval: string };
    };
    expect(job.schedule).toMatchObject({ state: 'Disabled', interval: 'PT40M' });
    const credentials = [
      { key: 'BaseAddress', value: engine.simulator.url },
      { key: 'SecretToken', value: engine.targetToken },
    ];
    await graph.api(`${root}/jobs/${job.id}/validateCredentials`).post({ credentials });
    await graph.api(`${root}/secrets`).put({ value: credentials });
    const users = (await graph.api('/users').select('id').filter('accountEnabled eq true').top(3).get()) as {
      value: { id: string }[];
    };
    for (const { id } of users.value)
      await graph
        .api(`/servicePrincipals/${principal}/appRoleAssignedTo`)
        .post({ principalId: id, resourceId: principal, appRoleId: appRoles[0]?.id });
    const schema = (await graph.api(`${root}/jobs/${job.id}/schema`).get()) as object;
    await graph.api(`${root}/jobs/${job.id}/schema`).put(schema);
    await graph.api(`${root}/jobs/${job.id}/start`).post({});
    const status = await graph
      .api(`${root}/jobs/${job.id}`)
      .get()
      .then(async function poll(
        answer: unknown,
      ): Promise<{ code: string; lastSuccessfulExecution: { countExported: number } }> {
        const found = (
          answer as { status: { code: string; lastSuccessfulExecution: { countExported: number } | null } }
        ).status;
        if (found.lastSuccessfulExecution !== null)
          return { ...found, lastSuccessfulExecution: found.lastSuccessfulExecution };
        await new Promise((resolve) => setTimeout(resolve, 100));
        return poll(await graph.api(`${root}/jobs/${job.id}`).get());
      });
    expect(status.code).toBe('Active');
    expect(engine.simulator.state().users).toHaveLength(3);
    const log = (await graph
      .api('/auditLogs/provisioning')
      .filter(`jobId eq '${job.id}' and provisioningAction eq 'create'`)
      .get()) as { value: { provisioningStatusInfo: { status: string } }[] };
    expect(log.value.map(({ provisioningStatusInfo: { status } }) => status)).toEqual([
      'success',
      'success',
      'success',
    ]);
    await graph.api(`${root}/jobs/${job.id}/pause`).post({});
    await graph.api(`${root}/jobs/${job.id}`).delete();
    await expect(graph.api(`${root}/jobs/${job.id}`).get()).rejects.toMatchObject({ statusCode: 404 });
  });
});
