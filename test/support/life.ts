// An engine with an oracle beside it, and the short words with which tests tell the life of a job.
import { expect } from 'vitest';
import type { ScimSimulator } from '../../src/simulators/scim/start.ts';
import { runToEnd, startTestEngine } from './engine.ts';
import type { CycleAnswer, TestEngine } from './engine.ts';
import { Oracle } from './oracle.ts';
import { targetWorld } from './target-world.ts';

export const GRAPH = 'https://graph.microsoft.com/v1.0/directoryObjects';

export interface Life extends TestEngine {
  readonly oracle: Oracle;
  /** The writes of a cycle that must succeed and leave the target in step. */
  writes(cycle?: Promise<CycleAnswer>): Promise<readonly string[]>;
  user(name: string, properties?: object): Promise<string>;
  group(name: string, members?: readonly string[]): Promise<string>;
  join(groupId: string, userId: string): Promise<unknown>;
  leave(groupId: string, userId: string): Promise<unknown>;
  setManager(userId: string, managerId: string): Promise<unknown>;
  /** Answers how to take it back. */
  assign(principalId: string): Promise<() => Promise<unknown>>;
  patchUser(id: string, properties: object): Promise<unknown>;
  cycles(): Promise<readonly CycleAnswer[]>;
  /** Starts, pauses or restarts the job, and waits for the end of what that begins. */
  act(verb: string, body?: object): Promise<CycleAnswer | undefined>;
}

export async function startLife(options: { users: number; groups: number; syncAll: boolean }): Promise<Life> {
  const engine = await startTestEngine(options);
  return livingOn(engine, options.syncAll);
}

export function livingOn(engine: TestEngine, syncAll: boolean): Life {
  const ok = <T = unknown>(method: string, path: string, body?: unknown) => engine.ok<T>(method, path, body);
  const oracle = new Oracle(engine, syncAll);
  const cycles = async () => (await ok<{ value: CycleAnswer[] }>('GET', `/api/jobs/${engine.jobId}/cycles`)).value;
  const assignments = `/v1.0/servicePrincipals/${engine.servicePrincipalId}/appRoleAssignedTo`;
  const life: Life = {
    ...engine,
    oracle,
    cycles,
    async writes(cycle = engine.cycle()) {
      engine.simulator.resetRequests();
      const ended = await cycle;
      expect(ended.error ?? null).toBeNull();
      expect(ended.state).toBe('succeeded');
      const sent = writesOf(engine.simulator);
      expect(targetWorld(engine.simulator)).toEqual(await oracle.world());
      return sent;
    },
    user: async (name, properties = {}) =>
      (
        await ok<{ id: string }>('POST', '/v1.0/users', {
          accountEnabled: true,
          displayName: name,
          mailNickname: name,
          userPrincipalName: `${name}@contoso.example`,
          passwordProfile: { password: 'not-a-real-one-1!' },
          ...properties,
        })
      ).id,
    async group(name, members = []) {
      const { id } = await ok<{ id: string }>('POST', '/v1.0/groups', {
        displayName: name,
        mailNickname: name,
        mailEnabled: false,
        securityEnabled: true,
      });
      for (let start = 0; start < members.length; start += 20)
        await ok('PATCH', `/v1.0/groups/${id}`, {
          'members@odata.bind': members.slice(start, start + 20).map((member) => `${GRAPH}/${member}`),
        });
      return id;
    },
    join: (group, user) => ok('POST', `/v1.0/groups/${group}/members/$ref`, { '@odata.id': `${GRAPH}/${user}` }),
    leave: (group, user) => ok('DELETE', `/v1.0/groups/${group}/members/${user}/$ref`),
    setManager: (user, manager) =>
      ok('PUT', `/v1.0/users/${user}/manager/$ref`, { '@odata.id': `${GRAPH}/${manager}` }),
    async assign(principalId) {
      const appRoleId = '00000000-0000-0000-0000-000000000000';
      const made = await ok<{ id: string }>('POST', assignments, {
        principalId,
        resourceId: engine.servicePrincipalId,
        appRoleId,
      });
      return () => ok('DELETE', `${assignments}/${made.id}`);
    },
    patchUser: (id, properties) => ok('PATCH', `/v1.0/users/${id}`, properties),
    async act(verb, body) {
      const [before] = await cycles();
      await ok('POST', `${engine.jobUrl}/${verb}`, body);
      if (verb === 'pause') return undefined;
      // A new cycle, or the one that a pause stopped.
      return until(async () => {
        const [newest] = await cycles();
        const same = newest?.id === before?.id && newest?.state === before?.state;
        return !same && newest !== undefined && ended(newest) ? newest : undefined;
      });
    },
  };
  return life;
}

export const ended = ({ state }: CycleAnswer): boolean => state !== 'queued' && state !== 'running';

export async function until<T>(found: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const value = await found();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export function writesOf(simulator: ScimSimulator): readonly string[] {
  return simulator
    .requests()
    .log.filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} /${/\/(Users|Groups)/.exec(path)?.[1] ?? path}`);
}

export const twice = (names: readonly unknown[]) => names.filter((name, at) => names.indexOf(name) !== at);
export const namesIn = ({ simulator }: Life) => simulator.state().users.map((user) => user['userName']);
export const accountOf = ({ simulator }: Life, name: string) =>
  targetWorld(simulator).accounts[`${name}@contoso.example`];

export async function secondJob(life: Life, simulator: ScimSimulator): Promise<Life> {
  const made = await life.ok<{ servicePrincipal: { id: string } }>(
    'POST',
    '/v1.0/applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate',
    { displayName: 'Another application' },
  );
  const servicePrincipalId = made.servicePrincipal.id;
  const root = `/v1.0/servicePrincipals/${servicePrincipalId}/synchronization`;
  await life.ok('PUT', `${root}/secrets`, {
    value: [
      { key: 'BaseAddress', value: simulator.url },
      { key: 'SecretToken', value: life.targetToken },
      { key: 'SyncAll', value: 'true' },
    ],
  });
  const { id: jobId } = await life.ok<{ id: string }>('POST', `${root}/jobs`, { templateId: 'scim' });
  const cycle: Life['cycle'] = (type = 'incremental', { dryRun = false } = {}) =>
    runToEnd((...request) => life.ok(...request), jobId, { type, dryRun });
  return livingOn({ ...life, simulator, servicePrincipalId, jobId, jobUrl: `${root}/jobs/${jobId}`, cycle }, true);
}

export async function mapTitle(life: Life, source: object): Promise<void> {
  const schema = await life.ok<Schema>('GET', `${life.jobUrl}/schema`);
  for (const { objectMappings } of schema.synchronizationRules)
    for (const { attributeMappings } of objectMappings)
      for (const mapping of attributeMappings) if (mapping.targetAttributeName === 'title') mapping.source = source;
  await life.ok('PUT', `${life.jobUrl}/schema`, schema);
}

export interface Schema {
  readonly synchronizationRules: readonly {
    readonly objectMappings: readonly {
      readonly attributeMappings: { readonly targetAttributeName: string; source: unknown }[];
    }[];
  }[];
}
