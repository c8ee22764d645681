// PostgreSQL's catalogue keeps codes in its one-byte type "char". The schema engine asks for them as characters, and
// Prisma's adapter refuses them: here they pass through it as text and come out as characters.
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;

/** Types of PostgreSQL. */
const CHAR = 18;
const TEXT = 25;
/** The adapter's type of a column that holds one character. */
const CHARACTER = 6;

export async function connectTo(pool: pg.Pool): Promise<Adapter> {
  const charColumns = new Map<string, readonly number[]>();
  const query = async (...args: Parameters<pg.Pool['query']>): Promise<pg.QueryResult> => {
    const answer = await (pool.query as (...given: typeof args) => Promise<pg.QueryResult>)(...args);
    charColumns.set(textOf(args[0]), relabelled(answer));
    return answer;
  };
  const adapter = await new PrismaPg(Object.create(pool, { query: { value: query } }) as pg.Pool).connect();
  return Object.create(adapter, {
    queryRaw: {
      value: async (asked: Parameters<Adapter['queryRaw']>[0]) => {
        const answer = await adapter.queryRaw(asked);
        for (const column of charColumns.get(asked.sql) ?? []) answer.columnTypes[column] = CHARACTER;
        return answer;
      },
    },
  }) as Adapter;
}

const textOf = (query: unknown): string =>
  query instanceof Object && 'text' in query ? String(query.text) : String(query);

/** Marks the columns as text and answers which ones they were. */
function relabelled({ fields }: pg.QueryResult): readonly number[] {
  return fields.flatMap((field, column) => {
    if (field.dataTypeID !== CHAR) return [];
    field.dataTypeID = TEXT;
    return [column];
  });
}
