// Hands Prisma's schema engine one database connection. The engine calls methods without `this` and wants results,
// not exceptions; a script must run whole on that one connection, so that the caller's transaction covers it.
import type pg from 'pg';
import { connectTo } from './char-columns.ts';

type Result = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };
type Method = (...args: never[]) => unknown;

export interface EngineAdapter {
  /** What `SchemaEngine.new` takes. */
  readonly factory: object;
  /** The first error of the database: the engine's own words hide it. */
  readonly failure: () => Error | undefined;
}

/** `pool` must have one connection (`max: 1`); it stays open. */
export function engineAdapter(pool: pg.Pool): EngineAdapter {
  let failure: Error | undefined;
  const failed = (error: unknown): Result => {
    failure ??= error instanceof Error ? error : new Error(String(error));
    const { cause } = failure;
    return { ok: false, error: cause instanceof Object && 'kind' in cause ? cause : { kind: 'GenericJs', id: 0 } };
  };
  const later =
    (method: Method) =>
    async (...args: never[]): Promise<Result> => {
      try {
        return { ok: true, value: await method(...args) };
      } catch (error) {
        return failed(error);
      }
    };
  const connect = later(async () => {
    const adapter = await connectTo(pool);
    return {
      adapterName: adapter.adapterName,
      provider: adapter.provider,
      queryRaw: later(adapter.queryRaw.bind(adapter)),
      executeRaw: later(adapter.executeRaw.bind(adapter)),
      executeScript: later((script: string) => pool.query(script).then(() => undefined)),
      getConnectionInfo: (): Result => ({ ok: true, value: adapter.getConnectionInfo() }),
      dispose: later(() => undefined),
    };
  });
  const connectToShadowDb = later(() =>
    Promise.reject(new Error('Provisor compares databases without a shadow database.')),
  );
  return {
    factory: { adapterName: '@prisma/adapter-pg', provider: 'postgres', connect, connectToShadowDb },
    failure: () => failure,
  };
}
