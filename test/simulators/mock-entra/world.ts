// A mock Entra for a test, in a folder of its own, with a client that speaks to it over https.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import { ownCa } from '../../../src/control/own-ca.ts';
import { startMockEntra, type MockEntra, type MockEntraOptions } from '../../../src/simulators/mock-entra/start.ts';

export const adminToken = 'the-token-of-the-engine';

export interface Item {
  readonly id: string;
  readonly displayName?: string | null;
  readonly userPrincipalName?: string;
  readonly [property: string]: unknown;
}
export interface Body {
  readonly value: readonly Item[];
  readonly displayName?: string;
  readonly userPrincipalName?: string;
  readonly '@odata.nextLink'?: string;
  readonly '@odata.deltaLink'?: string;
  readonly '@odata.count'?: number;
  readonly error?: { readonly code: string; readonly message: string };
  readonly [property: string]: unknown;
}
export interface Response {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  readonly text: string;
}
type Headers = Readonly<Record<string, string>>;

export interface World {
  readonly dataDir: string;
  readonly caPem: string;
  mock: MockEntra;
  /** Path below /v1.0, or a link. */
  call(method: string, path: string, body?: unknown, headers?: Headers): Promise<Response>;
  get(path: string, headers?: Headers): Promise<Body>;
  /** Everything from a path or link to the end of its last page. */
  all(
    path: string,
    headers?: Headers,
  ): Promise<{ items: readonly Item[]; deltaLink: string | undefined; pages: number }>;
  /** A token of client `provisor`. */
  token(): Promise<string>;
  faults(settings: object): Promise<Response>;
  restart(options?: Partial<MockEntraOptions>): Promise<void>;
  close(): Promise<void>;
}

export async function openWorld(options: Partial<MockEntraOptions> = {}): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), 'mock-entra-'));
  const tls = await ownCa(dataDir);
  const dispatcher = new Agent({ connect: { ca: tls.caPem } });
  const base = {
    port: 0,
    users: 60,
    groups: 12,
    seed: 7,
    dataDir: join(dataDir, 'mock'),
    tls,
    acceptToken: adminToken,
  };
  const start = (more: Partial<MockEntraOptions> = {}): Promise<MockEntra> =>
    startMockEntra({ ...base, ...options, ...more });
  const world: World = {
    dataDir,
    caPem: tls.caPem,
    mock: await start(),
    async call(method, path, body, headers = {}) {
      const url = path.startsWith('https:')
        ? path
        : `${world.mock.url}${/^\/(mock|beta|v1\.0)\//.test(path) ? '' : '/v1.0'}${path}`;
      const response = await fetch(url, {
        method,
        dispatcher,
        headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const json = response.headers.get('content-type')?.startsWith('application/json') ?? false;
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        text,
        body: (json ? JSON.parse(text) : {}) as Body,
      };
    },
    async get(path, headers) {
      const { status, body, text } = await world.call('GET', path, undefined, headers);
      if (status !== 200) throw new Error(`GET ${path} answered ${String(status)}: ${text}`);
      return body;
    },
    async all(path, headers) {
      const items: Item[] = [];
      let deltaLink: string | undefined;
      let pages = 0;
      for (let link: string | undefined = path; link !== undefined; pages += 1) {
        const page: Body = await world.get(link, headers);
        items.push(...page.value);
        link = page['@odata.nextLink'];
        deltaLink = page['@odata.deltaLink'];
      }
      return { items, deltaLink, pages };
    },
    async token() {
      const form = {
        grant_type: 'client_credentials',
        client_id: 'provisor',
        client_secret: 'provisor',
        scope: 'https://graph.microsoft.com/.default',
      };
      const response = await fetch(`${world.mock.url}/contoso/oauth2/v2.0/token`, {
        method: 'POST',
        body: new URLSearchParams(form),
        dispatcher,
      });
      return String(((await response.json()) as Body)['access_token']);
    },
    faults: (settings) => world.call('POST', '/mock/faults', settings),
    async restart(more) {
      await world.mock.close();
      world.mock = await start({ port: world.mock.port, ...more });
    },
    async close() {
      await dispatcher.close();
      await world.mock.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return world;
}
