// A mock Entra with an administrator's hands and eyes: changes the tenant by Graph's own calls, and says what is in it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import { ownCa } from '../../src/control/own-ca.ts';
import { startMockEntra } from '../../src/simulators/mock-entra/start.ts';

const ADMIN_TOKEN = 'admin-of-the-test';

export interface SeenUser {
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly managerId: string | null;
}
export interface SeenGroup {
  readonly id: string;
  readonly displayName: unknown;
  readonly members: readonly string[];
}
export interface MockTenant {
  readonly url: string;
  readonly caPem: string;
  readonly tenantId: string;
  /** Throws unless the answer is a success. `path` is below /v1.0. */
  call<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  faults(faults: object): Promise<void>;
  /** Selected properties, `null` where there is no value. */
  users(select: readonly string[]): Promise<readonly SeenUser[]>;
  groups(): Promise<readonly SeenGroup[]>;
  close(): Promise<void>;
}

interface Page {
  readonly value: readonly Record<string, unknown>[];
  readonly '@odata.nextLink'?: string;
}

export async function mockTenant(size: {
  readonly users: number;
  readonly groups: number;
  readonly seed?: number;
}): Promise<MockTenant> {
  const dataDir = await mkdtemp(join(tmpdir(), 'mock-tenant-'));
  const tls = await ownCa(dataDir);
  const { users, groups, seed = 1 } = size;
  const mock = await startMockEntra({
    port: 0,
    users,
    groups,
    seed,
    dataDir: join(dataDir, 'mock'),
    tls,
    acceptToken: ADMIN_TOKEN,
  });
  const dispatcher = new Agent({ connect: { ca: tls.caPem } });
  const send = async <T>(method: string, url: string, body?: unknown): Promise<T> => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' };
    const init = { method, headers, dispatcher, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(url, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${url}: ${String(response.status)} ${text}`);
    return (text === '' ? null : JSON.parse(text)) as T;
  };
  const list = async (path: string): Promise<Page['value']> => {
    const all: Record<string, unknown>[] = [];
    for (let url: string | undefined = `${mock.url}/v1.0${path}`; url !== undefined;) {
      const page: Page = await send<Page>('GET', url);
      all.push(...page.value);
      url = page['@odata.nextLink'];
    }
    return all;
  };
  return {
    url: mock.url,
    caPem: tls.caPem,
    tenantId: mock.tenantId,
    call: (method, path, body) => send(method, `${mock.url}/v1.0${path}`, body),
    faults: async (faults) => {
      await send('POST', `${mock.url}/mock/faults`, faults);
    },
    users: async (select) => {
      const properties = [...new Set(['id', ...select])].filter((name) => name !== 'manager');
      const found = await list(`/users?$select=${properties.join(',')}&$expand=manager($select=id)&$top=999`);
      return found.map((user) => ({
        id: String(user['id']),
        attributes: Object.fromEntries(properties.map((name) => [name, user[name] ?? null])),
        managerId: (user['manager'] as { id?: string } | null | undefined)?.id ?? null,
      }));
    },
    groups: async () => {
      const found = await list('/groups?$select=id,displayName&$top=999');
      return Promise.all(
        found.map(async ({ id, displayName }) => {
          const members = await list(`/groups/${String(id)}/members?$select=id&$top=999`);
          return { id: String(id), displayName, members: members.map((member) => String(member['id'])).sort() };
        }),
      );
    },
    close: async () => {
      await dispatcher.destroy();
      await mock.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
