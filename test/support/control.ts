// The control plane over in-memory dependencies, asked without a port.
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import { expect } from 'vitest';
import { createServer } from '../../src/control/server.ts';
import type { ServerOptions } from '../../src/control/options.ts';
import { describedAnswers } from './described-answers.ts';
import { fakeWorld } from './fake-deps.ts';
import type { FakeWorld } from './fake-deps.ts';

export const ADMIN = 'an-admin-token-for-tests';
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';

export interface Control {
  readonly world: FakeWorld;
  readonly app: FastifyInstance;
  /** Lines that the server logged. */
  readonly logged: string[];
  send(
    method: Method,
    url: string,
    body?: object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<LightMyRequestResponse>;
  post(url: string, body: object): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

type Options = Partial<Omit<ServerOptions, 'access'>> & { readonly access?: Partial<ServerOptions['access']> };

export async function openControl({ access, ...options }: Options = {}): Promise<Control> {
  const world = fakeWorld();
  const logged: string[] = [];
  const drifts: string[] = [];
  const app = await createServer({
    deps: world.deps,
    adminToken: ADMIN,
    access: { store: world.access, ...access },
    logger: pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) }),
    metrics: {
      contentType: 'text/plain',
      text: () => Promise.resolve('nothing_measured 1\n'),
      answered: () => undefined,
    },
    version: '1.2.3',
    ready: () => Promise.resolve({ ok: true, checks: { database: 'ok' } }),
    watch: describedAnswers((drift) => void drifts.push(drift)),
    ...options,
  });
  const send: Control['send'] = (method, url, body, headers = {}) =>
    app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${ADMIN}`, ...headers },
      ...(body === undefined ? {} : { payload: body }),
    });
  const close = async () => {
    await app.close();
    expect(drifts).toEqual([]);
  };
  return { world, app, logged, send, post: (url, body) => send('POST', url, body), close };
}
