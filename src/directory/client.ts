// The only way to Microsoft Graph: the Graph client with a token, patience and a counter.
// No token enters a message or the log.
import { AuthenticationHandler, Client, RetryHandler, TelemetryHandler } from '@microsoft/microsoft-graph-client';
import type { Middleware } from '@microsoft/microsoft-graph-client';
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js';
import type { TokenCredential } from '@azure/identity';
import { Agent } from 'undici';
import type { JsonObject } from '../rules/model/json.ts';
import { exchange } from './exchange.ts';
import type { Answer, Wire } from './exchange.ts';
import type { DirectoryLog, DirectoryObserver } from './log.ts';
import type { Pace, Patience } from './retry.ts';
import { transport } from './transport.ts';

/** Counts its own requests. Both calls throw SystemError when the directory is lost or the credentials are refused. */
export interface GraphSession {
  /** `path` is absolute, or begins with a slash below the version. */
  get(path: string): Promise<Answer>;
  post(path: string, body: JsonObject): Promise<Answer>;
  readonly patience: Patience;
  /** Requests sent, repeated ones included. */
  readonly requests: number;
}
export interface GraphConnection {
  open(): GraphSession;
  /** Ends what is under way; waiting for the directory stops at once. */
  close(): Promise<void>;
}
export interface ConnectionOptions {
  readonly credential: TokenCredential;
  readonly graphBaseUrl: string;
  readonly caPem?: string | undefined;
  readonly userAgent: string;
  readonly log: DirectoryLog;
  readonly pace: Pace;
  readonly observer?: DirectoryObserver | undefined;
}

const microsoftHosts: ReadonlySet<string> = new Set([
  'graph.microsoft.com',
  'graph.microsoft.us',
  'dod-graph.microsoft.us',
  'microsoftgraph.chinacloudapi.cn',
]);

/** Microsoft's Graph, in each of its clouds, and the mock take a scope named after their own host. */
export function scopeOf(graphBaseUrl: string): string {
  const url = new URL(graphBaseUrl);
  return microsoftHosts.has(url.hostname)
    ? `https://${url.hostname}/.default`
    : `${graphBaseUrl.replace(/\/+$/, '')}/.default`;
}

/** A link keeps its path and query; its host becomes the configured one, so that a stored link survives a new port. */
export function onHost(link: string, graphBaseUrl: string): string {
  const at = link.indexOf('/v1.0/');
  return at < 0 ? link : `${graphBaseUrl.replace(/\/+$/, '')}${link.slice(at)}`;
}

export function connect(options: ConnectionOptions): GraphConnection {
  const agent = new Agent({ connect: options.caPem === undefined ? {} : { ca: options.caPem } });
  const closing = new AbortController();
  return {
    open: () => openSession(options, agent, closing.signal),
    close: async () => {
      closing.abort(new Error('the reader was closed'));
      await agent.destroy();
    },
  };
}

function openSession(options: ConnectionOptions, agent: Agent, closing: AbortSignal): GraphSession {
  let requests = 0;
  const scope = scopeOf(options.graphBaseUrl);
  const middleware: Middleware[] = [
    new AuthenticationHandler(new TokenCredentialAuthenticationProvider(options.credential, { scopes: [scope] })),
    new RetryHandler(),
    new TelemetryHandler(),
    transport({
      timeout: options.pace.requestTimeout,
      onRequest: () => (requests += 1),
      onAnswer: (code, seconds) => options.observer?.answered({ code, seconds }),
    }),
  ];
  const client = Client.initWithMiddleware({
    middleware,
    baseUrl: options.graphBaseUrl,
    defaultVersion: 'v1.0',
    customHosts: new Set([new URL(options.graphBaseUrl).hostname]),
    fetchOptions: fetchOptions(agent, options.userAgent),
  });
  const patience = { pace: options.pace, log: options.log, closing, observer: options.observer };
  const place = (path: string): string => (path.startsWith('https://') ? onHost(path, options.graphBaseUrl) : path);
  const wire: Wire = { client, credential: options.credential, scope, patience };
  return {
    patience,
    get: (path) => exchange(wire, place(path), null),
    post: (path, body) => exchange(wire, place(path), body),
    get requests() {
      return requests;
    },
  };
}

/** `dispatcher` is undici's extension of fetch; the types that the Graph client carries do not know it. */
const fetchOptions = (agent: Agent, userAgent: string): { headers: Record<string, string> } =>
  Object.assign({ headers: { 'User-Agent': userAgent } }, { dispatcher: agent });
