// What hangs below an application beside its jobs: the container, the directories of a schema, and the same tree by its
// application.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openControl } from '../support/control.ts';
import type { Control } from '../support/control.ts';
import { APPLICATION, SP } from '../support/fake-deps.ts';

const root = `/v1.0/servicePrincipals/${SP.id}/synchronization`;
interface Directory {
  readonly id: string;
  readonly name: string;
  readonly readOnly: boolean;
  readonly objects: readonly object[];
}
interface Refusal {
  readonly error: { readonly code: string; readonly message: string };
}

let control: Control;
let jobId: string;
beforeEach(async () => {
  control = await openControl();
  jobId = (await control.post(`${root}/jobs`, { templateId: 'scim' })).json<{ id: string }>().id;
});
afterEach(() => control.close());

describe('directories of a schema', () => {
  const directories = () => `${root}/jobs/${jobId}/schema/directories`;
  const list = async () => (await control.send('GET', directories())).json<{ value: Directory[] }>().value;

  it('are added, changed and removed, each as a new version of the schema', async () => {
    const added = await control.post(directories(), { name: 'Old HR system', readOnly: true, objects: [] });
    expect(added.statusCode).toBe(201);
    const { id, name } = added.json<Directory>();
    expect(name).toBe('Old HR system');
    expect(String(added.headers.location)).toMatch(new RegExp(`/directories/${id}$`));
    expect(await list()).toHaveLength(3);

    const changed = await control.send('PATCH', `${directories()}/${id}`, { readOnly: false });
    expect(changed.json<Directory>()).toMatchObject({ id, name, readOnly: false });

    expect((await control.send('DELETE', `${directories()}/${id}`)).statusCode).toBe(204);
    expect(await list()).toHaveLength(2);
    expect(control.world.schemas.get(jobId)).toHaveLength(4);
    expect(control.world.audits.at(-1)?.activity).toBe('Update attribute mappings or scope');
  });

  it('are refused whole when the schema would not be right with them', async () => {
    const [source] = await list();
    const refused = [
      await control.post(directories(), { name: source?.name ?? '' }),
      await control.post(directories(), { objects: [] }),
      await control.post(directories(), { name: 'X', objects: 'many' }),
      await control.send('DELETE', `${directories()}/${source?.id ?? ''}`),
      await control.send('PATCH', `${directories()}/${source?.id ?? ''}`, { name: 'Renamed under its rule' }),
    ];
    expect(refused.map(({ statusCode }) => statusCode)).toEqual([400, 400, 400, 400, 400]);
    expect((await control.send('DELETE', `${directories()}/none`)).statusCode).toBe(404);
    expect(control.world.schemas.get(jobId)).toHaveLength(1);
  });

  it('of a template are only read', async () => {
    const answer = await control.post(`${root}/templates/scim/schema/directories`, { name: 'X' });
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET']);
  });
});

describe('the container', () => {
  it('is replaced with its credentials, and deleted with jobs and credentials', async () => {
    const secrets = [{ key: 'BaseAddress', value: 'https://app.example/scim' }];
    expect((await control.send('PUT', root, { secrets })).statusCode).toBe(204);
    expect((await control.send('GET', root)).json()).toMatchObject({ id: SP.id, secrets });
    expect((await control.send('PUT', root, {})).statusCode).toBe(204);
    expect((await control.send('GET', root)).json()).toMatchObject({ secrets });
    expect((await control.send('DELETE', root)).statusCode).toBe(204);
    expect(control.world.jobs.size).toBe(0);
    expect((await control.send('GET', root)).json()).toMatchObject({ secrets: [] });
  });
});

describe('an application', () => {
  it.each([`/applications/${APPLICATION}`, `/applications(appId='${SP.appId}')`, `/applications('${APPLICATION}')`])(
    'named by %s leads to the same jobs',
    async (path) => {
      const answer = await control.send('GET', `/beta${path}/synchronization/jobs`);
      expect(answer.json<{ value: { id: string }[] }>().value.map(({ id }) => id)).toEqual([jobId]);
    },
  );

  it('that is not there is not found, and what its tree lacks is not forwarded', async () => {
    expect((await control.send('GET', '/v1.0/applications/none/synchronization/jobs')).statusCode).toBe(404);
    const answer = await control.send('GET', `/v1.0/applications/${APPLICATION}/synchronization/nonsense`);
    expect(answer.json<Refusal>().error.code).toBe('UnknownError');
  });
});

describe('bulkUpload', () => {
  it('says that jobs here provision outward', async () => {
    for (const path of ['bulkUpload', 'bulkUpload/$value'])
      for (const method of ['GET', 'POST', 'PUT', 'DELETE'] as const) {
        const answer = await control.send(method, `${root}/jobs/${jobId}/${path}`);
        expect(answer.statusCode).toBe(400);
        expect(answer.json<Refusal>().error.message).toContain('provisions from the directory to an application');
      }
    expect((await control.post(`${root}/jobs/none/bulkUpload`, {})).statusCode).toBe(404);
  });
});
