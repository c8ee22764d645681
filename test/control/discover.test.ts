// directoryDefinition: discover, against a real SCIM server.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCycle } from '../../src/cycle/use-cases/cycles.ts';
import { openControl } from '../support/control.ts';
import type { Control } from '../support/control.ts';
import { cycleOf, SP } from '../support/fake-deps.ts';
import { endAll, freePort, listOf, reply, server, simulator, targets, token } from '../target/support.ts';

const root = `/v1.0/servicePrincipals/${SP.id}/synchronization`;
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
interface Directory {
  readonly id: string;
  readonly name: string;
  readonly version: string | null;
  readonly discoveryDateTime: string | null;
  readonly objects: readonly { readonly name: string; readonly attributes: readonly { readonly name: string }[] }[];
}

let control: Control;
let jobId: string;
let path: string;
beforeEach(async () => {
  control = await openControl();
  Object.assign(control.world.deps, { targets: targets() });
  jobId = (await control.post(`${root}/jobs`, { templateId: 'scim' })).json<{ id: string }>().id;
  path = `${root}/jobs/${jobId}/schema`;
});
afterEach(async () => {
  await control.close();
  await endAll();
});

const connect = (url: string) => control.world.secrets.set(SP.id, { BaseAddress: url, SecretToken: token });
const directories = async () => (await control.send('GET', `${path}/directories`)).json<{ value: Directory[] }>().value;
const target = async () => (await directories()).at(-1) ?? Promise.reject(new Error('no target directory'));
const namesIn = (directory: Directory, index: number) =>
  directory.objects[index]?.attributes.map(({ name }) => name) ?? [];
const schemas = [
  {
    id: 'urn:ietf:params:scim:schemas:core:2.0:User',
    attributes: [
      { name: 'userName', type: 'string', required: true, caseExact: true },
      { name: 'badge', type: 'integer', mutability: 'immutable' },
      {
        name: 'lockers',
        type: 'complex',
        multiValued: true,
        subAttributes: [
          { name: 'type', type: 'string', canonicalValues: ['gym', 'office'] },
          { name: 'value', type: 'string' },
        ],
      },
      { name: 'desk', type: 'complex', subAttributes: [{ name: 'floor', type: 'integer' }] },
      { name: 'bad name', type: 'string' },
    ],
  },
  {
    id: 'urn:example:2.0:User',
    attributes: [
      { name: 'hiredAt', type: 'dateTime' },
      {
        name: 'mentor',
        type: 'complex',
        subAttributes: [{ name: 'value' }, { name: '$ref', type: 'reference', referenceTypes: ['User'] }],
      },
    ],
  },
];
const described = () =>
  server(({ url }, response) =>
    url.endsWith('/Schemas') ? reply(response, 200, listOf(...schemas)) : reply(response, 404, {}),
  );

describe('discover', () => {
  it('adds what the directory does not know, in the paths of mappings, and changes nothing that it knows', async () => {
    connect((await described()).url);
    const before = await target();
    const answer = await control.send('POST', `${path}/directories/${before.id}/discover`);
    expect(answer.statusCode).toBe(200);
    const found = answer.json<Directory>();
    expect(found).toMatchObject({ discoveryDateTime: '2026-05-18T19:00:00.000Z', version: '2.0' });
    expect(found.objects[0]?.attributes.slice(0, namesIn(before, 0).length)).toEqual(before.objects[0]?.attributes);
    expect(found.objects[0]?.attributes.slice(namesIn(before, 0).length)).toMatchObject([
      { name: 'badge', type: 'Integer', mutability: 'Immutable' },
      { name: 'lockers[type eq "gym"].value', type: 'String', multivalued: false },
      { name: 'lockers[type eq "office"].value', type: 'String' },
      { name: 'desk.floor', type: 'Integer' },
      { name: 'urn:example:2.0:User:hiredAt', type: 'DateTime' },
      {
        name: 'urn:example:2.0:User:mentor',
        type: 'Reference',
        referencedObjects: [{ referencedObjectName: ENTERPRISE }],
      },
    ]);
    expect(await target()).toEqual({ ...before, ...found, '@odata.context': undefined });
    const again = await control.send('POST', `${path}/directories('${before.id}')/microsoft.graph.discover`);
    expect(again.json<Directory>().objects).toEqual(found.objects);
  });

  it('knows everything that a server with the core schemas shows, but for what is its own', async () => {
    connect((await simulator()).url);
    const before = await target();
    const found = (await control.send('POST', `${path}/directories/${before.id}/discover`)).json<Directory>();
    for (const [index] of before.objects.entries()) {
      const names = namesIn(found, index);
      expect(names.length).toBe(new Set(names.map((name) => name.toLowerCase())).size);
      expect(names.filter((name) => /^(meta|schemas)\b|\$ref/.test(name))).toEqual([]);
    }
    const saved = (await control.send('GET', path)).json<object>();
    expect((await control.send('PUT', path, saved)).statusCode).toBe(204);
  });

  it('lets the job go on from its watermark', async () => {
    const { deps } = control.world;
    connect((await described()).url);
    await deps.jobs.update(jobId, { watermark: 10 });
    control.world.cycles.push(cycleOf(jobId));
    await control.send('POST', `${path}/directories/${(await target()).id}/discover`);
    const job = (await deps.jobs.get(jobId)) ?? Promise.reject(new Error('no job'));
    const run = await runCycle(deps, await job, {
      type: 'incremental',
      dryRun: false,
      trigger: 'operator',
      actor: 'me',
    });
    expect(run).toMatchObject({ kind: 'opened', cycle: { type: 'incremental', from: 10, schemaVersion: 2 } });
  });

  it.each([
    ['without credentials', () => Promise.resolve(''), 'CredentialsMissing'],
    [
      'where nobody answers',
      async () => `http://127.0.0.1:${String(await freePort())}/scim`,
      'SystemForCrossDomainIdentityManagementUnreachable',
    ],
    [
      'where the token is refused',
      async () => (await server((_request, response) => reply(response, 401, {}))).url,
      'SystemForCrossDomainIdentityManagementInvalidCredentials',
    ],
    [
      'where there are no schemas',
      async () => (await server((_request, response) => reply(response, 404, {}))).url,
      'SchemaDiscoveryFailed',
    ],
  ])('%s says why, and changes nothing', { timeout: 60_000 }, async (_where, address, code) => {
    const wait = () => Promise.resolve();
    Object.assign(control.world.deps, { targets: targets({ wait }) });
    connect(await address());
    const answer = await control.send('POST', `${path}/directories/${(await target()).id}/discover`);
    expect([answer.statusCode, answer.json<{ error: { code: string } }>().error.code]).toEqual([400, code]);
    expect(control.world.schemas.get(jobId)?.length).toBe(1);
  });

  it('is for the target directory only, and for one that exists', async () => {
    const [source] = await directories();
    const refused = await control.send('POST', `${path}/directories/${source?.id ?? ''}/discover`);
    expect([refused.statusCode, refused.json<{ error: { code: string } }>().error.code]).toEqual([
      400,
      'DirectoryNotDiscoverable',
    ]);
    expect((await control.send('POST', `${path}/directories/nonsense/discover`)).statusCode).toBe(404);
  });
});
