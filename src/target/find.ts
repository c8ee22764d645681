// Looks resources up by an attribute and believes only what it can check on the answer: servers are known that ignore
// filters, answer everything, or end their lists wrongly.
import type { MatchQuery } from '../rules/model/decisions.ts';
import type { JsonObject } from '../rules/model/json.ts';
import type { ResourceType, TargetResource } from '../rules/model/target.ts';
import { readPath } from '../rules/scim/read-path.ts';
import type { Answer } from './answer.ts';
import { done, refused } from './answer.ts';
import type { Connection } from './connection.ts';
import { ask, incompatible, shown } from './connection.ts';
import { holds } from '../rules/matching/same-text.ts';
import type { ListPage } from './scim-reply.ts';
import { idOf, readDocument, readList } from './scim-reply.ts';
import type { WireReply } from './wire.ts';

/** Two matches are enough to know that the value is ambiguous. */
const ENOUGH = 2;
/** A filter that is honoured does not fill so many pages. */
const MOST_PAGES = 20;

interface Search {
  readonly type: ResourceType;
  readonly query: MatchQuery;
  readonly doing: string;
}

export async function find(
  connection: Connection,
  type: ResourceType,
  query: MatchQuery,
): Promise<Answer<readonly TargetResource[]>> {
  const doing = `look up the ${type.toLowerCase()} with ${query.targetPath} "${query.value}"`;
  const search: Search = { type, query, doing };
  const seen = new Set<string>();
  const matches: TargetResource[] = [];
  let received = 0;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await readPage(connection, search, received);
    if (!page.ok) return page;
    received += page.value.resources.length;
    const fresh = take(page.value.resources, search, seen);
    if (fresh === null) return refused(incompatible(doing, 'the application answered a resource without id'));
    matches.push(...fresh.matches);
    if (matches.length >= ENOUGH || fresh.unseen === 0 || received >= page.value.total) return done(matches);
  }
  return refused(
    incompatible(doing, `the application does not honour the filter: ${String(received)} resources and no end`),
  );
}

/** `null` when a resource has no id. */
function take(
  resources: readonly JsonObject[],
  { query }: Search,
  seen: Set<string>,
): { readonly unseen: number; readonly matches: readonly TargetResource[] } | null {
  const before = seen.size;
  const matches: TargetResource[] = [];
  for (const attributes of resources) {
    const id = idOf(attributes);
    if (id === null) return null;
    if (seen.has(id)) continue;
    seen.add(id);
    if (holds(readPath(attributes, query.targetPath), query.targetPath, query.value)) matches.push({ id, attributes });
  }
  return { unseen: seen.size - before, matches };
}

function readPage(connection: Connection, { type, query, doing }: Search, received: number): Promise<Answer<ListPage>> {
  const filter = `${query.targetPath} eq ${JSON.stringify(query.value)}`;
  const start: Record<string, string> = received === 0 ? {} : { startIndex: String(received + 1) };
  return askForList(connection, type, { filter, ...start }, doing);
}

/** A list of resources; those of groups come without their members. */
export async function askForList(
  connection: Connection,
  type: ResourceType,
  parameters: Readonly<Record<string, string>>,
  doing: string,
): Promise<Answer<ListPage>> {
  const answer = await ask(connection, {
    method: 'GET',
    segments: [`${type}s`],
    parameters: { ...(type === 'Group' ? { excludedAttributes: 'members' } : {}), ...parameters },
    doing,
    about: 'collection',
  });
  return answer.ok ? asList(connection, doing, answer.value) : answer;
}

function asList(connection: Connection, doing: string, reply: WireReply): Answer<ListPage> {
  const facts = { status: reply.status, detail: shown(connection, reply.text) };
  const document = readDocument(reply);
  if ('problem' in document) return refused(incompatible(doing, `the application answered ${document.problem}`, facts));
  const list = readList(document.json);
  return list === null
    ? refused(incompatible(doing, 'the application answered JSON that is not a SCIM list', facts))
    : done(list);
}
