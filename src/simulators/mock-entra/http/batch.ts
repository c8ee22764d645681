// POST $batch: up to twenty calls in one; each is answered, and throttled, on its own.
import type { Json, JsonObject } from '../../../rules/model/json.ts';
import { bodyOf, parseQuery, type Answer, type Call } from './call.ts';
import { badRequest } from './errors.ts';
import { segmentsOf } from './router.ts';

const maximumItems = 20;

interface Item {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
  readonly dependsOn: readonly string[];
}

type AnswerCall = (call: Call) => Promise<Answer>;

export async function answerBatch(call: Call, answer: AnswerCall): Promise<Answer> {
  const items = readItems(call);
  const statuses = new Map<string, number>();
  const responses: JsonObject[] = [];
  for (const item of items) {
    const response = item.dependsOn.every((id) => (statuses.get(id.toLowerCase()) ?? 424) < 400)
      ? await answer(callOf(call, item))
      : failedDependency;
    statuses.set(item.id.toLowerCase(), response.status);
    responses.push(responseOf(item.id, response));
  }
  return { status: 200, body: { responses } };
}

const failedDependency: Answer = {
  status: 424,
  body: { error: { code: 'FailedDependency', message: 'A request that this one depends on has failed.' } },
};

function responseOf(id: string, { status, headers, body }: Answer): JsonObject {
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  const named = Object.entries(headers ?? {}).map(([name, value]): [string, string] => [
    name === 'retry-after' ? 'Retry-After' : name === 'location' ? 'Location' : name,
    value,
  ]);
  const all = { ...Object.fromEntries(named), ...(body === undefined ? {} : { 'Content-Type': type }) };
  return { id, status, headers: all, ...(body === undefined ? {} : { body }) };
}

function readItems(call: Call): readonly Item[] {
  const requests = bodyOf(call)['requests'];
  if (!Array.isArray(requests) || requests.length === 0)
    throw badRequest("A batch has a list 'requests' of 1 to 20 requests.");
  if (requests.length > maximumItems)
    throw badRequest(`Number of batch request steps exceeds the maximum value of ${String(maximumItems)}.`);
  const items = requests.map((request: Json) => readItem(request));
  const ids = new Set(items.map(({ id }) => id.toLowerCase()));
  if (ids.size !== items.length) throw badRequest('The ids of batch requests must be unique, without regard to case.');
  for (const { id, dependsOn } of items)
    if (dependsOn.some((other) => !ids.has(other.toLowerCase())))
      throw badRequest(`Batch request '${id}' depends on a request that is not in the batch.`);
  return items;
}

function readItem(request: Json): Item {
  const { id, method, url, headers, body, dependsOn } = (request ?? {}) as JsonObject;
  if (typeof id !== 'string' || typeof method !== 'string' || typeof url !== 'string')
    throw badRequest("A batch request has the texts 'id', 'method' and 'url'.");
  const lower = Object.entries((headers ?? {}) as JsonObject).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const item = { id, method: method.toUpperCase(), url, headers: Object.fromEntries(lower), body };
  if (body !== undefined && item.headers['content-type'] === undefined)
    throw badRequest(`Batch request '${id}' has a body: it needs the header Content-Type.`);
  return { ...item, dependsOn: Array.isArray(dependsOn) ? dependsOn.map(String) : [] };
}

function callOf(outer: Call, item: Item): Call {
  const [path = '', ...query] = item.url.replace(/^\/*/, '').split('?');
  const rawQuery = query.join('?');
  return {
    ...outer,
    method: item.method,
    rawPath: `/${outer.version}/${path}`,
    rawQuery,
    segments: segmentsOf(path),
    query: parseQuery(rawQuery),
    headers: item.headers,
    body: item.body,
  };
}
