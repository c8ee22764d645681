// What a simulator was asked since the last reset: counters over everything, and the latest requests in full.
import type { Json } from '../../rules/model/json.ts';

export interface LoggedRequest {
  readonly at: string;
  readonly method: string;
  /** Path and query below the base, as sent. */
  readonly path: string;
  /** 0 when the connection was broken on purpose. */
  readonly status: number;
  readonly userAgent: string | null;
  readonly correlationId: string | null;
  /** The body as JSON, as text when it is none, `null` without a body. */
  readonly body: Json;
}

export interface RequestReport {
  readonly total: number;
  readonly reads: number;
  readonly writes: number;
  readonly byMethod: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Oldest first, at most the latest 10,000. */
  readonly log: readonly LoggedRequest[];
}

export interface RequestLog {
  note(request: Omit<LoggedRequest, 'body'> & { readonly body: string }): void;
  report(): RequestReport;
  reset(): void;
}

const KEPT = 10_000;

export function createRequestLog(): RequestLog {
  let kept: (Omit<LoggedRequest, 'body'> & { readonly body: string })[] = [];
  let byMethod: Record<string, number> = {};
  let byStatus: Record<string, number> = {};
  const bump = (counters: Record<string, number>, key: string): number => (counters[key] = (counters[key] ?? 0) + 1);
  return {
    note(request) {
      bump(byMethod, request.method);
      bump(byStatus, String(request.status));
      kept.push(request);
      if (kept.length >= 2 * KEPT) kept = kept.slice(-KEPT);
    },
    report() {
      const total = Object.values(byMethod).reduce((sum, each) => sum + each, 0);
      const reads = (byMethod['GET'] ?? 0) + (byMethod['HEAD'] ?? 0);
      const log = kept.slice(-KEPT).map((each) => ({ ...each, body: readBody(each.body) }));
      return { total, reads, writes: total - reads, byMethod: { ...byMethod }, byStatus: { ...byStatus }, log };
    },
    reset() {
      kept = [];
      byMethod = {};
      byStatus = {};
    },
  };
}

function readBody(body: string): Json {
  if (body === '') return null;
  try {
    return JSON.parse(body) as Json;
  } catch {
    return body;
  }
}
