// The end of the Graph client's middleware chain: counts what is sent, ends what takes too long, and keeps the reason of a
// broken connection.
import { HTTPMessageHandler } from '@microsoft/microsoft-graph-client';
import type { Middleware } from '@microsoft/microsoft-graph-client';

export interface TransportOptions {
  /** Milliseconds for one attempt, body included. */
  readonly timeout: number;
  readonly onRequest: () => void;
  /** Status, or `failed` when no answer came. */
  readonly onAnswer: (code: string, seconds: number) => void;
}

/**
 * A time-out set on the request as a whole would also run while the client waits for Retry-After;
 * here every attempt gets its own.
 */
export function transport(options: TransportOptions): Middleware {
  const fetching = new HTTPMessageHandler();
  return {
    execute: async (context) => {
      options.onRequest();
      context.options = { ...context.options, signal: AbortSignal.timeout(options.timeout) };
      const from = performance.now();
      const answered = (code: string): void => options.onAnswer(code, (performance.now() - from) / 1000);
      try {
        await fetching.execute(context);
        answered(String(context.response?.status ?? 'failed'));
      } catch (error) {
        answered('failed');
        throw new Error(connectionReason(error), { cause: error });
      }
    },
  };
}

/** `fetch` hides why it failed in its cause, and the Graph client drops causes: the message must carry it. */
export function connectionReason(error: unknown): string {
  const reasons: string[] = [];
  for (let e = error; e instanceof Error && reasons.length < 4; e = e.cause) reasons.push(oneReason(e));
  return (
    [...new Set(reasons.filter((reason) => reason !== '' && reason !== 'fetch failed'))].join(': ') ||
    'the connection failed'
  );
}

function oneReason(error: Error): string {
  if (error instanceof AggregateError)
    return error.errors.map((e: unknown) => (e instanceof Error ? e.message : '')).join(', ');
  if (error.name === 'TimeoutError') return 'no answer in time';
  return error.message;
}
