// Pages of Microsoft Graph: what a page must look like, and collections that are read to their end or not at all.
import { createHash } from 'node:crypto';
import type { JsonObject } from '../rules/model/json.ts';
import type { GraphSession } from './client.ts';
import { incomplete, meaningOf, refused } from './errors.ts';
import { objectsAt, textAt } from './shape.ts';

/** Consecutive pages without an entry after which a server is taken to be going in circles. */
export const maxEmptyPages = 1_000;

export interface GraphPage {
  readonly values: readonly JsonObject[];
  readonly nextLink: string | null;
  readonly deltaLink: string | null;
}

/** Throws SystemError DirectoryReadIncomplete when the answer is no page of a collection. */
export function graphPage(body: JsonObject, what: string): GraphPage {
  const values = objectsAt(body, 'value');
  if (values === null) throw incomplete(`The answer to GET ${what} has no list of objects`);
  return { values, nextLink: textAt(body, '@odata.nextLink'), deltaLink: textAt(body, '@odata.deltaLink') };
}

/** Notices a read that would never end: a link that comes again, or pages and pages without an entry. */
export interface EndlessGuard {
  /** The reason why the read cannot end; `null` when all is well. */
  check(page: GraphPage): string | null;
}

export function endlessGuard(): EndlessGuard {
  const seen = new Set<string>();
  let empty = 0;
  return {
    check({ values, nextLink }) {
      if (nextLink === null) return null;
      empty = values.length === 0 ? empty + 1 : 0;
      if (empty >= maxEmptyPages) return `${String(empty)} pages in a row were empty`;
      const digest = createHash('sha256').update(nextLink).digest('base64');
      if (seen.has(digest)) return 'a page links to a page that was read before';
      seen.add(digest);
      return null;
    },
  };
}

/**
 * All entries of a collection; `null` when the directory says that its owner does not exist.
 * Throws SystemError when it cannot be read to its end.
 */
export async function readToEnd(session: GraphSession, path: string): Promise<readonly JsonObject[] | null> {
  const what = path.split('?', 1)[0] ?? path;
  const guard = endlessGuard();
  const all: JsonObject[] = [];
  for (let link: string | null = path; link !== null;) {
    const answer = await session.get(link);
    if (!answer.ok && link === path && meaningOf(answer.refusal) === 'not-found') return null;
    if (!answer.ok) throw refused(`GET ${what}`, answer.refusal);
    const page = graphPage(answer.body, what);
    const endless = guard.check(page);
    if (endless !== null) throw incomplete(`GET ${what} would never end: ${endless}`);
    for (const value of page.values) all.push(value);
    link = page.nextLink;
  }
  return all;
}
