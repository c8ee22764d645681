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
const LARGEST_PAGE = 1_000;

interface Search {
  readonly type: ResourceType;
  readonly query: MatchQuery;
  readonly doing: string;
  readonly seen: Set<string>;
  readonly matches: TargetResource[];
}

export async function find(
  connection: Connection,
  type: ResourceType,
  query: MatchQuery,
): Promise<Answer<readonly TargetResource[]>> {
  const doing = `look up the ${type.toLowerCase()} with ${query.targetPath} "${query.value}"`;
  const search: Search = { type, query, doing, seen: new Set(), matches: [] };
  const { seen, matches } = search;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await readPage(connection, search, seen.size === 0 ? {} : { startIndex: String(seen.size + 1) });
    if (!page.ok) return page;
    if (matches.length >= ENOUGH) return done(matches);
    // A total is believed of a filtered list only: what shows others as well is read until nothing new comes.
    const filtered = seen.size === matches.length;
    if (page.value.unseen > 0 && !(filtered && seen.size >= page.value.total)) continue;
    return filtered || matches.length > 0 || seen.size >= page.value.total
      ? done(matches)
      : findInWhole(connection, search, page.value.total);
  }
  return refused(
    incompatible(doing, `the application does not honour the filter: ${String(seen.size)} resources and no end`),
  );
}

/** Neither filter nor position were honoured; the size of a page may be. What was not shown is unknown, never absent. */
async function findInWhole(
  connection: Connection,
  search: Search,
  total: number,
): Promise<Answer<readonly TargetResource[]>> {
  const { type, doing, seen, matches } = search;
  if (total <= LARGEST_PAGE) {
    const page = await readPage(connection, search, { startIndex: '1', count: String(total) });
    if (!page.ok) return page;
  }
  if (matches.length > 0 || seen.size >= total) return done(matches);
  const shows = `shows only ${String(seen.size)} of its ${String(total)} ${type.toLowerCase()}s`;
  const remedy = 'whether the account exists is unknown, so none is created. Filters or startIndex must work there';
  return refused(incompatible(doing, `the application does not honour the filter and ${shows}: ${remedy}`));
}

interface SearchedPage {
  /** Resources that no page before had. */
  readonly unseen: number;
  /** As the application says. */
  readonly total: number;
}

async function readPage(
  connection: Connection,
  search: Search,
  where: Readonly<Record<string, string>>,
): Promise<Answer<SearchedPage>> {
  const { type, query, doing, seen } = search;
  const filter = `${query.targetPath} eq ${JSON.stringify(query.value)}`;
  const page = await askForList(connection, type, { filter, ...where }, doing);
  if (!page.ok) return page;
  const before = seen.size;
  const identified = take(page.value.resources, search);
  if (!identified) return refused(incompatible(doing, 'the application answered a resource without id'));
  return done({ unseen: seen.size - before, total: page.value.total });
}

/** `false` when a resource has no id. */
function take(resources: readonly JsonObject[], { query, seen, matches }: Search): boolean {
  for (const attributes of resources) {
    const id = idOf(attributes);
    if (id === null) return false;
    if (seen.has(id)) continue;
    seen.add(id);
    if (holds(readPath(attributes, query.targetPath), query.targetPath, query.value)) matches.push({ id, attributes });
  }
  return true;
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
