// Where accounts are found: in the listing of the cycle where there is one that can be believed, else at the target.
import type { ObjectRule } from '../rules/mapping/compile.ts';
import { folded, holds } from '../rules/matching/same-text.ts';
import type { MatchQuery } from '../rules/model/decisions.ts';
import type { Listing } from '../rules/model/records.ts';
import type { TargetResource } from '../rules/model/target.ts';
import { readPath } from '../rules/scim/read-path.ts';
import { batched } from './batched.ts';
import { listingOf } from './list-target.ts';
import type { Deps, TargetAnswer, TargetSession } from './ports.ts';
import type { RunContext } from './run-context.ts';

interface Finder {
  /** Accounts with this value at this path; `now`: as the target has them at this moment. */
  find(rule: ObjectRule, query: MatchQuery, now: boolean): Promise<TargetAnswer<readonly TargetResource[]>>;
}
/** A target, and where its accounts are found. */
export interface Accounts {
  readonly target: TargetSession;
  readonly finder: Finder;
}

type Search = (query: MatchQuery) => Promise<TargetAnswer<readonly TargetResource[]>>;

/** Asks the target itself, whatever was listed. */
export const askedNow = (target: TargetSession): Accounts => ({
  target,
  finder: { find: (rule, query) => target.find(rule.resourceType, query) },
});

/** One page's view of the target: as it was listed in this cycle, where it was. */
export function asListed(deps: Deps, context: RunContext, target: TargetSession): Accounts {
  const searches = new Map<ObjectRule, Promise<Search>>();
  const searchOf = (rule: ObjectRule): Promise<Search> => {
    const search = searches.get(rule) ?? openSearch(deps, context, target, rule);
    searches.set(rule, search);
    return search;
  };
  return {
    target,
    finder: {
      find: async (rule, query, now) => (now ? target.find(rule.resourceType, query) : (await searchOf(rule))(query)),
    },
  };
}

async function openSearch(deps: Deps, context: RunContext, target: TargetSession, rule: ObjectRule): Promise<Search> {
  const listing = await listingOf({ deps, context, target, rule });
  const ask: Search = (query) => target.find(rule.resourceType, query);
  if (listing === null) return ask;
  return batched((queries) => searchListing({ deps, target, rule, listing, ask }, queries));
}

interface Listed {
  readonly deps: Deps;
  readonly target: TargetSession;
  readonly rule: ObjectRule;
  readonly listing: Listing;
  readonly ask: Search;
}

/** The first accounts that the listing does not show are asked for all the same, and then one in so many. */
const FIRST_CHECKS = 3;
const ONE_IN = 200;

async function searchListing(listed: Listed, queries: readonly MatchQuery[]) {
  const { deps, listing, ask } = listed;
  const found = await inListing(listed, queries);
  const absent = queries.filter((_, at) => found[at]?.length === 0);
  const checks = { wanted: absent.length, most: FIRST_CHECKS };
  const first = absent.length === 0 ? 0 : await deps.listings.takeChecks(listing.cycleId, listing.type, checks);
  const sample = absent.filter((_, at) => at < first || deps.random() < 1 / ONE_IN);
  const answers = new Map(await Promise.all(sample.map(async (query) => [query, await ask(query)] as const)));
  const contradicted = [...answers.values()].some((answer) => answer.ok && answer.value.length > 0);
  if (contradicted) await deps.listings.savePage({ ...listing, state: 'unusable' }, []);
  return Promise.all(
    queries.map(async (query, at) => {
      const resources = found[at] ?? [];
      if (resources.length === 0)
        return answers.get(query) ?? (contradicted ? ask(query) : { ok: true as const, value: [] });
      return whole(listed, resources);
    }),
  );
}

async function inListing(
  { deps, listing }: Listed,
  queries: readonly MatchQuery[],
): Promise<readonly (readonly TargetResource[])[]> {
  const keys = queries.map(({ targetPath, value }) => ({ path: targetPath, value: folded(value) }));
  const accounts = await deps.listings.find(listing.cycleId, listing.type, keys);
  const under = new Map<string, TargetResource[]>();
  for (const { path, value, resource } of accounts) {
    const key = `${path} ${value}`;
    under.set(key, [...(under.get(key) ?? []), resource]);
  }
  return queries.map(({ targetPath, value }) =>
    (under.get(`${targetPath} ${folded(value)}`) ?? []).filter(({ attributes }) =>
      holds(readPath(attributes, targetPath), targetPath, value),
    ),
  );
}

/** A single account is taken over as it stands: read by its id where the listing shows less. */
async function whole(
  { target, rule, listing }: Listed,
  resources: readonly TargetResource[],
): Promise<TargetAnswer<readonly TargetResource[]>> {
  const [only, another] = resources;
  if (!listing.partial || only === undefined || another !== undefined) return { ok: true, value: resources };
  const read = await target.get(rule.resourceType, only.id);
  if (read.ok) return { ok: true, value: [read.value] };
  return read.error.status === 404 ? { ok: true, value: [] } : read;
}
