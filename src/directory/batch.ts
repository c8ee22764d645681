// Many GETs in few requests: JSON batching in slices of 20; a throttled item is asked again, its neighbours are not.
import type { JsonObject } from '../rules/model/json.ts';
import type { GraphSession } from './client.ts';
import { describeRefusal, incomplete, meaningOf, refusalOf, refused } from './errors.ts';
import { patiently, retryAfterOf } from './retry.ts';
import type { Attempt } from './retry.ts';
import { objectAt, objectsAt, textAt } from './shape.ts';

/** Graph's limit. */
export const batchSize = 20;

/** What one item says about the object of its path. */
export type Found = { readonly found: true; readonly body: JsonObject } | { readonly found: false };

/**
 * Asks for each path (below the version, with a leading slash); answers in the same order. "Not found" is only what the
 * directory itself says of that id; any other refusal, and an item that stays unanswered, throws SystemError.
 */
export async function batchGet(session: GraphSession, paths: readonly string[]): Promise<readonly Found[]> {
  const answers: Found[] = [];
  for (let at = 0; at < paths.length; at += batchSize)
    answers.push(...(await batchSlice(session, paths.slice(at, at + batchSize))));
  return answers;
}

async function batchSlice(session: GraphSession, paths: readonly string[]): Promise<readonly Found[]> {
  const found = new Map<string, Found>();
  return patiently(session.patience, 'POST /v1.0/$batch', async (): Promise<Attempt<readonly Found[]>> => {
    const open = paths.filter((path) => !found.has(path));
    const items = await askOnce(session, open);
    const late = items.filter((item) => item.answer === null);
    for (const { path, answer } of items) if (answer !== null) found.set(path, answer);
    const first = late[0];
    if (first === undefined) return { kind: 'done', value: paths.flatMap((path) => found.get(path) ?? []) };
    const waits = late.map((item) => item.retryAfter).filter((wait) => wait !== null);
    return {
      kind: 'again',
      failure: incomplete(first.problem),
      retryAfter: waits.length === 0 ? null : Math.max(...waits),
    };
  });
}

interface Item {
  readonly path: string;
  /** `null` = ask again. */
  readonly answer: Found | null;
  readonly problem: string;
  readonly retryAfter: number | null;
}

async function askOnce(session: GraphSession, paths: readonly string[]): Promise<readonly Item[]> {
  const requests = paths.map((url, i) => ({ id: String(i + 1), method: 'GET', url }));
  const answer = await session.post('/$batch', { requests });
  if (!answer.ok) throw refused('POST /v1.0/$batch', answer.refusal);
  const responses = objectsAt(answer.body, 'responses');
  if (responses === null) throw incomplete('The answer to POST /v1.0/$batch has no list of responses');
  const byId = new Map(responses.map((response) => [textAt(response, 'id'), response]));
  return paths.map((path, i) => readItem(path, byId.get(String(i + 1))));
}

function readItem(path: string, response: JsonObject | undefined): Item {
  const what = `GET /v1.0${path.split('?', 1)[0] ?? ''} in a batch`;
  const status = response?.['status'];
  if (response === undefined || typeof status !== 'number') return unanswered(path, `${what} was not answered`, null);
  const body = objectAt(response, 'body');
  if (status === 200 && body !== null) return { path, answer: { found: true, body }, problem: '', retryAfter: null };
  const refusal = refusalOf(status, body);
  const meaning = status === 200 ? 'transient' : meaningOf(refusal);
  if (meaning === 'not-found') return { path, answer: { found: false }, problem: '', retryAfter: null };
  if (meaning === 'transient')
    return unanswered(path, `Microsoft Graph failed, ${describeRefusal(what, refusal)}`, retryAfterIn(response));
  throw refused(what, refusal);
}

const unanswered = (path: string, problem: string, retryAfter: number | null): Item => ({
  path,
  answer: null,
  problem,
  retryAfter,
});

/** Header names of batch items keep no fixed case. */
function retryAfterIn(response: JsonObject): number | null {
  const headers = Object.entries(objectAt(response, 'headers') ?? {});
  const value = headers.find(([name]) => name.toLowerCase() === 'retry-after')?.[1];
  return retryAfterOf(typeof value === 'string' || typeof value === 'number' ? String(value) : null, Date.now());
}
