// A server that demands what a test says, in front of the simulator: it refuses, swallows or translates what comes by.
import { request } from 'undici';

import type { Json, JsonObject } from '../../src/rules/model/json.ts';
import type { ScimSimulator } from '../../src/simulators/scim/start.ts';
import type { RawServer, Seen } from './support.ts';
import { reply, server } from './support.ts';

export interface Operation {
  readonly op: string;
  readonly path?: string;
  readonly value?: Json;
}
export interface Passing extends Seen {
  readonly json: JsonObject | null;
  readonly operations: readonly Operation[];
}
export interface Refusing {
  readonly status: number;
  readonly scimType?: string;
}
export interface Demands {
  /** `null` lets the request through. */
  readonly refuse?: (passing: Passing) => Refusing | null;
  /** Answered 204, and nothing is done. */
  readonly swallow?: (passing: Passing) => boolean;
  /** What the simulator is given instead of the body. */
  readonly translate?: (json: JsonObject) => JsonObject;
  /** What the client is shown instead of the answer. */
  readonly show?: (json: JsonObject, passing: Passing) => JsonObject;
  /** Every resource has a version, and writes must name the present one. */
  readonly versions?: boolean;
}

export async function gate(app: ScimSimulator, demands: Demands, token: string): Promise<RawServer> {
  const versions = new Map<string, number>();
  return server((seen, response) => {
    void pass(seen).then(({ status, text, headers }) => reply(response, status, text, headers));
  });

  async function pass(seen: Seen) {
    const json = seen.body === '' ? null : (JSON.parse(seen.body) as JsonObject);
    const operations = (json?.['Operations'] ?? []) as unknown as readonly Operation[];
    const passing: Passing = { ...seen, json, operations };
    const path = seen.url.replace('/scim', '');
    const refused = demands.refuse?.(passing) ?? versionRefusal(seen, path);
    if (refused !== null) return { status: refused.status, text: JSON.stringify(refused), headers: {} };
    if (demands.swallow?.(passing) === true) return { status: 204, text: '', headers: {} };
    return forward(passing, path);
  }

  function versionRefusal({ method, headers }: Seen, path: string): Refusing | null {
    if (demands.versions !== true || method === 'GET' || method === 'POST') return null;
    const given = headers['if-match'];
    if (given === undefined) return { status: 428 };
    return given === etagOf(path) ? null : { status: 412 };
  }
  function etagOf(path: string): string {
    return `W/"${String(versions.get(path) ?? 1)}"`;
  }

  async function forward(passing: Passing, path: string) {
    const { method, json, headers } = passing;
    const body = json === null ? null : JSON.stringify(demands.translate?.(json) ?? json);
    const answer = await request(app.url + path, {
      method: method as 'GET',
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === null ? {} : { 'content-type': headers['content-type'] ?? '' }),
      },
      body,
    });
    const text = await answer.body.text();
    if (method !== 'GET') versions.set(path, (versions.get(path) ?? 1) + 1);
    const shown = text === '' ? '' : JSON.stringify(show(JSON.parse(text) as JsonObject, passing));
    return {
      status: answer.statusCode,
      text: shown,
      headers: demands.versions === true ? { etag: etagOf(path) } : ({} as Record<string, string>),
    };
  }
  function show(json: JsonObject, passing: Passing): JsonObject {
    return demands.show?.(json, passing) ?? json;
  }
}

/** Every value of the operations changed by `change`. */
export const eachValue =
  (change: (operation: Operation) => Json) =>
  (json: JsonObject): JsonObject => ({
    ...json,
    Operations: ((json['Operations'] ?? []) as unknown as readonly Operation[]).map((operation) => ({
      ...operation,
      ...(operation.value === undefined ? {} : { value: change(operation) }),
    })),
  });
