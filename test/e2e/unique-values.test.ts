// SelectUniqueValue on the whole engine: many new users who all want the same value, an account that has it already, and
// an object for whom nothing is left.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine } from '../support/engine.ts';
import type { TestEngine } from '../support/engine.ts';

interface Mapping {
  readonly targetAttributeName: string;
}
interface Schema {
  readonly synchronizationRules: readonly {
    readonly objectMappings: readonly { readonly attributeMappings: readonly Mapping[] }[];
  }[];
}

describe('values that no other account has', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine({ users: 230, groups: 1 });
    await mapTo('SelectUniqueValue("Staff", Append("staff-", [userPrincipalName]))');
    await request('POST', '/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'somebody@else.example',
      nickName: 'STAFF',
    });
  });
  afterAll(() => engine.close());

  const request = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${engine.simulator.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${engine.targetToken}`, 'content-type': 'application/scim+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as { Resources: { nickName?: string; userName: string }[] };
  };
  const nickNames = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for (let start = 1; ; start += 100) {
      const page = await request('GET', `/Users?startIndex=${String(start)}&count=100`);
      found.push(...page.Resources.map(({ nickName }) => nickName ?? 'none'));
      if (page.Resources.length === 0) return found;
    }
  };
  async function mapTo(expression: string): Promise<void> {
    const schema = await engine.ok<Schema>('GET', `${engine.jobUrl}/schema`);
    const [rule] = schema.synchronizationRules;
    const [users, ...others] = rule?.objectMappings ?? [];
    const kept = users?.attributeMappings.filter(({ targetAttributeName: name }) => name !== 'nickName') ?? [];
    const unique = {
      targetAttributeName: 'nickName',
      flowType: 'ObjectAddOnly',
      source: { type: 'Function', expression },
    };
    const objectMappings = [{ ...users, attributeMappings: [...kept, unique] }, ...others];
    await engine.ok('PUT', `${engine.jobUrl}/schema`, {
      ...schema,
      synchronizationRules: [{ ...rule, objectMappings }],
    });
  }

  it('are given once each, whatever page or worker chooses, and never one that an account has already', async () => {
    const cycle = await engine.cycle('initial');
    expect(cycle.state).toBe('succeeded');
    const names = (await nickNames()).map((name) => name.toLowerCase());
    expect(names.length).toBeGreaterThan(200);
    expect(names).not.toContain('none');
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name === 'staff')).toHaveLength(1);
  });

  it('stay as they are on update, and cost nothing', async () => {
    const before = await nickNames();
    const cycle = await engine.cycle('initial');
    expect(cycle.counts.targetWrites).toBe(0);
    expect(await nickNames()).toEqual(before);
  });

  it('put into escrow whom none is left for, with what was tried', async () => {
    await mapTo('SelectUniqueValue("staff", "Staff")');
    await engine.ok('POST', '/v1.0/users', {
      accountEnabled: true,
      displayName: 'Late',
      mailNickname: 'late',
      userPrincipalName: 'late@contoso.example',
      passwordProfile: { password: 'not-a-real-one-1!' },
    });
    const cycle = await engine.cycle();
    expect(cycle).toMatchObject({ state: 'entryLevelErrors', counts: { created: 0, failed: 1 } });
    const logs = await engine.ok<{ value: { provisioningStatusInfo: { errorInformation: unknown } }[] }>(
      'GET',
      `/v1.0/auditLogs/provisioning?$filter=${encodeURIComponent(`cycleId eq '${cycle.id}'`)}&$top=999`,
    );
    const failures = logs.value.map(({ provisioningStatusInfo }) => provisioningStatusInfo.errorInformation);
    expect(failures).toContainEqual(
      expect.objectContaining({
        errorCode: 'UniqueValueNotAvailable',
        reason: expect.stringContaining('staff') as string,
      }),
    );
  });
});
