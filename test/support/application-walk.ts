// The way of the tutorials, from "add the application" to "it is in step", with nothing but Graph-shaped calls over HTTP.
// The service at the other end is simulated and enforces its rules.
import { expect } from 'vitest';
import { findService } from '../../src/simulators/applications/index.ts';
import type { JsonObject } from '../../src/rules/model/json.ts';
import { startScimSimulator } from '../../src/simulators/scim/start.ts';
import type { ScimSimulator } from '../../src/simulators/scim/start.ts';
import { startTestEngine } from './engine.ts';
import type { CycleAnswer, TestEngine } from './engine.ts';
import { ended, until } from './life.ts';

const TOKEN = 'a-secret-of-the-application';
export const NON_GALLERY = '8adf8e6e-67b2-4cf2-a259-e3dc5476c621';
export const DEFAULT_ACCESS = '00000000-0000-0000-0000-000000000000';

export interface LogLine {
  readonly action: string;
  readonly status: string;
  readonly errorCode: string | null;
}

export interface Walk extends TestEngine {
  readonly service: ScimSimulator;
  /** Answers the id of the new user. */
  person(name: string, properties?: object): Promise<string>;
  team(name: string, members: readonly string[], properties?: object): Promise<string>;
  /** Assigns with the role *User* unless told otherwise; answers how to take it back. */
  give(principalId: string, appRoleId?: string): Promise<() => Promise<unknown>>;
  /** Steps 3 to 5 of the tutorial; answers the initial cycle. */
  connectAndStart(): Promise<CycleAnswer>;
  /** Runs a cycle that must succeed; answers the writes that the service saw, method and type. */
  writes(type?: 'initial' | 'incremental'): Promise<readonly string[]>;
  /** What the provisioning log says of an object, oldest first. */
  log(sourceId: string): Promise<readonly LogLine[]>;
  account(name: string): JsonObject | undefined;
  groupNamed(displayName: string): JsonObject | undefined;
  membersOf(displayName: string): readonly string[];
  schemaUrl(): string;
}

export interface WalkOptions {
  /** Also the job template, and the name of the simulated service. */
  readonly id: string;
  /** How the application is found in the gallery; `null` = created by hand. */
  readonly inGallery: string | null;
  readonly faults?: Parameters<typeof startScimSimulator>[0]['faults'];
}

interface Principal {
  readonly id: string;
  readonly appRoles: readonly { readonly id: string; readonly displayName: string }[];
}

export async function startWalk({ id, inGallery, faults = {} }: WalkOptions): Promise<Walk> {
  const engine = await startTestEngine({ users: 20, groups: 3 });
  const rules = findService(id);
  if (rules === null) throw new Error(`there is no service ${id}`);
  const service = await startScimSimulator({ port: 0, token: TOKEN, rules, faults });
  const principal = await add(engine, id, inGallery);
  const root = `/v1.0/servicePrincipals/${principal.id}/synchronization`;
  let jobId = '';
  const userRole = principal.appRoles.find(({ displayName }) => displayName === 'User')?.id ?? '';
  const assignments = `/v1.0/servicePrincipals/${principal.id}/appRoleAssignedTo`;
  const cycles = async () => (await engine.ok<{ value: CycleAnswer[] }>('GET', `/api/jobs/${jobId}/cycles`)).value;
  const lastCycle = (before: number) =>
    until(async () => {
      const [newest, ...rest] = await cycles();
      return newest !== undefined && rest.length >= before && ended(newest) ? newest : undefined;
    });

  const walk: Walk = {
    ...engine,
    service,
    servicePrincipalId: principal.id,
    person: async (name, properties = {}) => {
      const made = await engine.ok<{ id: string }>('POST', '/v1.0/users', {
        accountEnabled: true,
        displayName: name,
        mailNickname: name,
        userPrincipalName: upn(name),
        passwordProfile: { password: 'not-a-real-one-1!' },
        ...properties,
      });
      return made.id;
    },
    team: async (displayName, members, properties = {}) => {
      const made = await engine.ok<{ id: string }>('POST', '/v1.0/groups', {
        displayName,
        mailNickname: displayName.replaceAll(' ', '-'),
        mailEnabled: false,
        securityEnabled: true,
        ...properties,
      });
      const members_ = members.map((member) => `https://graph.microsoft.com/v1.0/directoryObjects/${member}`);
      if (members_.length > 0) await engine.ok('PATCH', `/v1.0/groups/${made.id}`, { 'members@odata.bind': members_ });
      return made.id;
    },
    give: async (principalId, appRoleId = userRole) => {
      const body = { principalId, resourceId: principal.id, appRoleId };
      const made = await engine.ok<{ id: string }>('POST', assignments, body);
      return () => engine.ok('DELETE', `${assignments}/${made.id}`);
    },
    connectAndStart: async () => {
      jobId = await createJob(engine, root, id);
      await connect(engine, `${root}/jobs/${jobId}`, root, service.url);
      await engine.ok('POST', `${root}/jobs/${jobId}/start`);
      return lastCycle(0);
    },
    writes: async (type = 'incremental') => {
      service.resetRequests();
      const before = (await cycles()).length;
      await engine.ok('POST', `/api/jobs/${jobId}/cycles`, { type });
      expect(await lastCycle(before)).toMatchObject({ state: 'succeeded' });
      return writesOf(service);
    },
    log: async (sourceId) => {
      const filter = encodeURIComponent(`jobId eq '${jobId}' and sourceIdentity/id eq '${sourceId}'`);
      const { value } = await engine.ok<{ value: Summary[] }>('GET', `/v1.0/auditLogs/provisioning?$filter=${filter}`);
      return value.map(line).reverse();
    },
    account: (name) => service.state().users.find((user) => user['userName'] === upn(name)),
    groupNamed: (name) => service.state().groups.find((group) => group['displayName'] === name),
    membersOf: (name) => memberNames(service, name),
    schemaUrl: () => `${root}/jobs/${jobId}/schema`,
    close: async () => {
      await engine.close();
      await service.close();
    },
  };
  return walk;
}

export const upn = (name: string): string => `${name}@contoso.example`;

/** Step 1. */
async function add(engine: TestEngine, id: string, inGallery: string | null): Promise<Principal> {
  const filter = encodeURIComponent(`displayName eq '${inGallery ?? ''}'`);
  const found = await engine.ok<{ value: { id: string }[] }>('GET', `/v1.0/applicationTemplates?$filter=${filter}`);
  expect(found.value).toHaveLength(inGallery === null ? 0 : 1);
  const template = found.value[0]?.id ?? NON_GALLERY;
  const made = await engine.ok<{ servicePrincipal: Principal }>(
    'POST',
    `/v1.0/applicationTemplates/${template}/instantiate`,
    { displayName: `Our ${id}` },
  );
  return made.servicePrincipal;
}

async function createJob(engine: TestEngine, root: string, id: string): Promise<string> {
  const template = await engine.ok<{ id: string }>('GET', `${root}/templates/${id}`);
  const job = await engine.ok<{ id: string }>('POST', `${root}/jobs`, { templateId: template.id });
  expect(job.id).toMatch(new RegExp(String.raw`^${id}\.[0-9a-f]{32}\.[0-9a-f-]{36}$`));
  return job.id;
}

/** Step 3: the connection is tested before anything is saved. */
async function connect(engine: TestEngine, job: string, root: string, url: string): Promise<void> {
  const credentials = (token: string) => [
    { key: 'BaseAddress', value: url },
    { key: 'SecretToken', value: token },
  ];
  const wrong = await engine.call('POST', `${job}/validateCredentials`, { credentials: credentials('wrong') });
  expect(wrong.status).toBeGreaterThanOrEqual(400);
  const right = await engine.call('POST', `${job}/validateCredentials`, { credentials: credentials(TOKEN) });
  expect(right.status).toBe(204);
  expect(await engine.ok('GET', `${root}/secrets`)).toMatchObject({ value: [] });
  await engine.ok('PUT', `${root}/secrets`, { value: credentials(TOKEN) });
}

interface Summary {
  readonly provisioningAction: string;
  readonly provisioningStatusInfo: {
    readonly status: string;
    readonly errorInformation: { readonly errorCode: string } | null;
  };
}
const line = ({ provisioningAction, provisioningStatusInfo: { status, errorInformation } }: Summary): LogLine => ({
  action: provisioningAction,
  status,
  errorCode: errorInformation?.errorCode ?? null,
});

const writesOf = (service: ScimSimulator): readonly string[] =>
  service
    .requests()
    .log.filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${/\/(Users|Groups)/.exec(path)?.[1] ?? path}`);

/** User names of the members of a group, sorted; empty when there is no such group. */
function memberNames(service: ScimSimulator, displayName: string): readonly string[] {
  const { users, groups } = service.state();
  const group = groups.find((one) => one['displayName'] === displayName);
  const members = (group?.['members'] ?? []) as readonly { readonly value: string }[];
  const name = (id: string) => users.find((user) => user['id'] === id)?.['userName'] as string;
  return members.map(({ value }) => name(value).split('@')[0] ?? '').sort();
}
