// Provision on demand, over HTTP, against the mock tenant and a simulated application.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { command } from '../support/command.ts';
import { startTestEngine } from '../support/engine.ts';
import type { Answer, TestEngine } from '../support/engine.ts';

const RULE = '03f7d90d-bf71-41b1-bda6-aaf0ddbee5d8';

interface Step {
  readonly name: string;
  readonly type: string;
  readonly status: string;
  readonly details: Readonly<Record<string, unknown>>;
}
interface Told {
  readonly action: string;
  readonly statusInfo: { readonly status: string };
  readonly provisioningSteps: readonly Step[];
  readonly modifiedProperties: readonly { displayName: string; newValue: string | null }[];
  readonly targetIdentity: { readonly id: string | null };
  readonly members?: readonly Told[];
}

let engine: TestEngine;
let users: readonly { id: string; userPrincipalName: string }[];
beforeAll(async () => {
  engine = await startTestEngine({ users: 12, groups: 3 });
  const listed = await engine.ok<{ value: typeof users }>('GET', '/v1.0/users?$top=50&$filter=accountEnabled eq true');
  users = listed.value;
}, 120_000);
afterAll(() => engine.close());

const userAt = (index: number) => {
  const user = users[index];
  if (user === undefined) throw new Error(`the tenant has no user ${String(index)}`);
  return user;
};
const ask = <T>(subject: object, more: object = {}, ruleId = RULE): Promise<Answer<T>> =>
  engine.call<T>('POST', `${engine.jobUrl}/provisionOnDemand`, {
    parameters: [{ ruleId, subjects: [subject] }],
    ...more,
  });

async function provision(subject: object, more: object = {}) {
  const { status, body } = await ask<{ key: string; value: string }>(subject, more);
  expect([status, body]).toEqual([200, expect.objectContaining({ key: expect.any(String) as string })]);
  return {
    verdict: JSON.parse(body.key) as { result: string; details: Record<string, string> },
    told: JSON.parse(body.value) as Told,
  };
}
const accounts = async (type: 'Users' | 'Groups') => {
  const answer = await fetch(`${engine.simulator.url}/${type}`, {
    headers: { authorization: `Bearer ${engine.targetToken}` },
  });
  return ((await answer.json()) as { Resources: { id: string; userName?: string; members?: { value: string }[] }[] })
    .Resources;
};

describe('a user', () => {
  it('is decided about and not written in a what-if', async () => {
    const { verdict, told } = await provision({ objectId: userAt(0).id, objectTypeName: 'User' }, { dryRun: true });
    expect([verdict.result, told.action]).toEqual(['Skipped', 'Create']);
    expect(await accounts('Users')).toEqual([]);
  });

  it('is created although no cycle has ever read the directory, and then left alone', async () => {
    const { verdict, told } = await provision({ objectId: userAt(0).id, objectTypeName: 'User' });
    expect(verdict).toEqual({ result: 'Success', details: {} });
    expect([told.action, told.statusInfo.status]).toEqual(['Create', 'Success']);
    expect(told.provisioningSteps.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['Import', 'Scoping', 'Export']),
    );
    expect(
      told.provisioningSteps.flatMap(({ details }) => Object.values(details)).every((v) => typeof v === 'string'),
    ).toBe(true);
    const made = await accounts('Users');
    expect(made.map(({ id }) => id)).toEqual([told.targetIdentity.id]);
    const again = await provision({ objectId: userAt(0).id.toUpperCase(), objectTypeName: 'user' });
    expect(again.verdict).toMatchObject({ result: 'Skipped', details: { errorCode: 'RedundantExport' } });
  });

  it('is read as it is now', async () => {
    await engine.mock('PATCH', `/v1.0/users/${userAt(0).id}`, { displayName: 'Changed Meanwhile' });
    const { told } = await provision({ objectId: userAt(0).id, objectTypeName: 'User' });
    expect(told.action).toBe('Update');
    expect(told.modifiedProperties).toContainEqual(expect.objectContaining({ newValue: 'Changed Meanwhile' }));
  });

  it('moves neither the watermark nor the status of the job, and is no cycle of it', async () => {
    const job = await engine.ok<{ status: { code: string; lastExecution: unknown } }>('GET', engine.jobUrl);
    expect(job.status).toMatchObject({ code: 'Paused', lastExecution: null });
    expect(await engine.ok('GET', `/api/jobs/${engine.jobId}/cycles`)).toMatchObject({ value: [] });
  });
});

describe('a group', () => {
  it('is provisioned with the chosen members, and with no other', async () => {
    const group = await engine.ok<{ id: string }>('POST', '/v1.0/groups', {
      displayName: 'Chosen',
      mailNickname: 'chosen',
      mailEnabled: false,
      securityEnabled: true,
    });
    const members = [0, 1, 2, 3].map((index) => userAt(index).id);
    for (const id of members)
      await engine.mock('POST', `/v1.0/groups/${group.id}/members/$ref`, {
        '@odata.id': `${engine.mockUrl}/v1.0/directoryObjects/${id}`,
      });
    const links = { members: members.slice(1, 3).map((objectId) => ({ objectId, objectTypeName: 'User' })) };
    const { verdict, told } = await provision({ objectId: group.id, objectTypeName: 'Group', links });
    expect([verdict.result, told.action]).toEqual(['Success', 'Create']);
    expect(told.members?.map(({ action }) => action)).toEqual(['Create', 'Create']);
    const [made] = await accounts('Groups');
    expect(made?.members).toHaveLength(2);
    // The next cycle brings the rest.
    const cycle = await engine.cycle('initial');
    expect(cycle.state).toBe('succeeded');
    const [now] = await accounts('Groups').then((all) => all.filter(({ id }) => id === made?.id));
    expect(now?.members).toHaveLength(4);
    expect((await engine.cycle()).counts).toMatchObject({ targetWrites: 0 });
  }, 60_000);
});

describe('provisor provision', () => {
  beforeAll(() => {
    vi.stubEnv('PROVISOR_ADMIN_TOKEN', engine.adminToken);
  });
  afterAll(() => vi.unstubAllEnvs());
  const run = (...args: readonly string[]) => command('provision', '--job', engine.jobId, '--url', engine.url, ...args);

  it('says what was done to the object, step by step', async () => {
    const done = await run('--object', userAt(5).id);
    expect([done.code, done.err]).toEqual([0, '']);
    expect(done.out).toMatch(/^Object .*\nResult +\w+\nAction +\w+\n/);
    expect(done.out).toMatch(/\nImport +Success +/);
    const json = JSON.parse((await run('--object', userAt(5).id, '--dry-run', '--json')).out) as { key: object };
    expect(json.key).toMatchObject({ result: 'Skipped' });
  });

  it('ends with 1 for an object that does not exist, with 2 for wrong usage', async () => {
    const unknown = await run('--object', '00000000-0000-4000-8000-00000000dead', '--type', 'Group');
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('does not exist')]);
    expect((await run()).code).toBe(2);
  });
});

describe('what cannot be done', () => {
  const nobody = '00000000-0000-4000-8000-00000000dead';
  it.each([
    ['an unknown rule', { objectId: nobody, objectTypeName: 'User' }, 'another-rule', 400],
    ['an unknown user', { objectId: nobody, objectTypeName: 'User' }, RULE, 404],
    ['an unknown group', { objectId: nobody, objectTypeName: 'Group' }, `${RULE}#V2`, 404],
    ['an unknown type', { objectId: nobody, objectTypeName: 'Device' }, RULE, 400],
    ['an id that is none', { objectId: '../users', objectTypeName: 'User' }, RULE, 400],
    [
      'members of a user',
      { objectId: nobody, objectTypeName: 'User', links: { members: [{ objectId: nobody, objectTypeName: 'User' }] } },
      RULE,
      400,
    ],
    [
      'groups as members',
      {
        objectId: nobody,
        objectTypeName: 'Group',
        links: { members: [{ objectId: nobody, objectTypeName: 'Group' }] },
      },
      RULE,
      400,
    ],
  ])('is %s', async (_what, subject, ruleId, status) => {
    const answer = await ask<{ error: { message: string } }>(subject, {}, ruleId);
    expect([answer.status, answer.body.error.message]).toEqual([status, expect.stringMatching(/\.$/)]);
  });

  it('is anything without credentials: their code is named', async () => {
    const made = await engine.ok<{ servicePrincipal: { id: string } }>(
      'POST',
      '/v1.0/applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate',
      { displayName: 'Without credentials' },
    );
    const root = `/v1.0/servicePrincipals/${made.servicePrincipal.id}/synchronization`;
    const { id } = await engine.ok<{ id: string }>('POST', `${root}/jobs`, { templateId: 'scim' });
    const answer = await engine.call<{ error: { code: string } }>('POST', `${root}/jobs/${id}/provisionOnDemand`, {
      parameters: [{ ruleId: RULE, subjects: [{ objectId: userAt(0).id, objectTypeName: 'User' }] }],
    });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'CredentialsMissing']);
  });
});
