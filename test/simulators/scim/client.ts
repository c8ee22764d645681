// A plain HTTP client for the tests of the simulator: sends what it is told and reads what comes back.
import type { JsonObject } from '../../../src/rules/model/json.ts';
import type { ScimSimulator, ScimSimulatorOptions } from '../../../src/simulators/scim/start.ts';
import { startScimSimulator } from '../../../src/simulators/scim/start.ts';

export const token = 'a-secret-token';
export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JsonObject;
}

export interface Client {
  readonly simulator: ScimSimulator;
  readonly send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>;
  readonly user: (attributes: JsonObject) => Promise<string>;
  readonly group: (displayName: string, members?: readonly string[]) => Promise<string>;
  readonly patch: (path: string, operations: readonly unknown[]) => Promise<Reply>;
}

export async function startClient(options: Partial<ScimSimulatorOptions> = {}): Promise<Client> {
  const simulator = await startScimSimulator({ port: 0, token, ...options });
  const send: Client['send'] = async (method, path, body, headers = {}) => {
    const response = await fetch(simulator.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? {} : JSON.parse(text)) as Reply['body'],
    };
  };
  const idOf = ({ status, body }: Reply): string => {
    if (status !== 201) throw new Error(`not created: ${JSON.stringify(body)}`);
    return body['id'] as string;
  };
  return {
    simulator,
    send,
    user: async (attributes) => idOf(await send('POST', '/Users', { schemas: [USER], ...attributes })),
    group: async (displayName, members = []) =>
      idOf(
        await send('POST', '/Groups', { schemas: [GROUP], displayName, members: members.map((value) => ({ value })) }),
      ),
    patch: (path, operations) =>
      send('PATCH', path, { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations }),
  };
}
