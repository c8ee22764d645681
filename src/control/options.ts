// What the control plane is handed by app.ts.
import type { FastifyBaseLogger } from 'fastify';
import type { UseCaseDeps } from '../cycle/use-cases/deps.ts';
import type { AccessOptions } from './access/access.ts';
import type { AnswerWatch } from './http/mount.ts';

export interface ServerOptions {
  readonly deps: UseCaseDeps;
  /** Bearer token of role admin; what is forwarded carries it. */
  readonly adminToken: string;
  readonly access: Omit<AccessOptions, 'adminToken'>;
  /** Where directory paths are forwarded to; absent for a real tenant. */
  readonly forward?: { readonly url: string; readonly caPem?: string };
  /** Where clients of Graph get their tokens, such as `https://login.microsoftonline.com`. */
  readonly loginEndpoint?: string;
  /** Reverse proxies, by address or network, whose `X-Forwarded-…` headers are believed. */
  readonly trustedProxies?: readonly string[];
  readonly logger: FastifyBaseLogger;
  readonly metrics: MetricsPage;
  readonly version: string;
  readonly ready: () => Promise<Readiness>;
  readonly watch?: AnswerWatch;
}
export interface MetricsPage {
  readonly contentType: string;
  text(): Promise<string>;
  /** `route` as it is written in the program, without ids. */
  answered(answer: {
    readonly method: string;
    readonly route: string;
    readonly status: string;
    readonly seconds: number;
  }): void;
}
export interface Readiness {
  readonly ok: boolean;
  /** Part → `ok`, or what is wrong with it in one sentence. */
  readonly checks: Readonly<Record<string, string>>;
}
