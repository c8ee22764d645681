// Reads all accounts of a type page by page, once in a cycle: by whichever page needs it first, while the others wait. A
// crash costs the page that was being read. Where the list cannot be believed, accounts are looked up one by one.
import {
  firstPosition,
  isWorthListing,
  judgePage,
  leavesOut,
  listedEntry,
  staysWorthwhile,
} from '../rules/matching/listing.ts';
import type { ListedPage } from '../rules/matching/listing.ts';
import type { ObjectRule } from '../rules/mapping/compile.ts';
import type { Outcome } from '../rules/model/decisions.ts';
import type { Listing } from '../rules/model/records.ts';
import { createBody } from '../rules/scim/build.ts';
import type { Deps, TargetSession } from './ports.ts';
import type { RunContext } from './run-context.ts';
import type { Planned } from './stages.ts';

interface Reading {
  readonly deps: Deps;
  readonly context: RunContext;
  readonly target: TargetSession;
  readonly rule: ObjectRule;
}

/** A complete listing of the rule's accounts; `null` where they are to be looked up. Only initial cycles list. */
export async function listingOf(reading: Reading): Promise<Listing | null> {
  const { deps, context, target, rule } = reading;
  const { cycle } = context;
  if (cycle.type !== 'initial' || target.dialect.paging === 'none') return null;
  const known = await deps.listings.get(cycle.id, rule.resourceType);
  const listing =
    known === null || known.state === 'reading'
      ? await deps.listings.exclusively(cycle.id, rule.resourceType, () => readAll(reading))
      : known;
  return listing?.state === 'complete' ? listing : null;
}

/** `null` when the cycle has ended meanwhile. */
async function readAll(reading: Reading): Promise<Listing | null> {
  const { deps, context, rule } = reading;
  const { cycle, job, scope } = context;
  const known = await deps.listings.get(cycle.id, rule.resourceType);
  if (known !== null && known.state !== 'reading') return known;
  const toMatch = await deps.listings.toMatch(job, cycle.id, rule.type, scope);
  let listing: Listing | null = known ?? beginning(reading, toMatch);
  if (known === null) await deps.listings.savePage(listing, []);
  while (listing?.state === 'reading') listing = await readPage(reading, listing, toMatch);
  return listing;
}

const beginning = ({ context: { cycle }, target, rule }: Reading, toMatch: number): Listing => ({
  cycleId: cycle.id,
  type: rule.resourceType,
  state: isWorthListing(rule, toMatch) ? 'reading' : 'unusable',
  position: firstPosition[pagingOf(target)],
  lastId: null,
  received: 0,
  requests: 0,
  partial: false,
});

const pagingOf = ({ dialect }: TargetSession): 'index' | 'cursor' => (dialect.paging === 'cursor' ? 'cursor' : 'index');

async function readPage(reading: Reading, before: Listing, toMatch: number): Promise<Listing | null> {
  const { deps, target, rule } = reading;
  const answer = await target.list(rule.resourceType, before.position);
  const asked = { ...before, requests: before.requests + 1 };
  if (!answer.ok || !staysWorthwhile(asked, answer.value, toMatch)) return save(deps, { ...asked, state: 'unusable' });
  const { fresh, next, position, lastId } = judgePage(asked, answer.value, pagingOf(target));
  const partial = before.requests === 0 ? await showsLess(reading, answer.value) : before.partial;
  const after: Listing = { ...asked, position, lastId, partial, received: before.received + fresh.length };
  const entries = fresh.map((resource) => listedEntry(rule, resource));
  const unseen = await deps.listings.savePage(after, entries);
  if (unseen === null) return null;
  // A resource that stood on an earlier page: rows have moved while they were read, and another may have been missed.
  if (next === 'disordered' || unseen < fresh.length) return save(deps, { ...after, state: 'unusable' });
  return next === 'more' ? after : conclude(reading, after);
}

/** A list that leaves out accounts that are known to be there is not believed. */
async function conclude({ deps, context, rule }: Reading, listing: Listing): Promise<Listing | null> {
  const missing = await deps.listings.linksMissing(context.job.id, rule.type, listing.cycleId, listing.type);
  return save(deps, { ...listing, state: missing === 0 ? 'complete' : 'unusable' });
}

async function save(deps: Deps, listing: Listing): Promise<Listing | null> {
  return (await deps.listings.savePage(listing, [])) === null ? null : listing;
}

/** Reads the resource that shows most by its id: where that shows more, a listing is not enough to take accounts over. */
async function showsLess({ target, rule }: Reading, { resources }: ListedPage): Promise<boolean> {
  const [fullest] = resources.toSorted((a, b) => Object.keys(b.attributes).length - Object.keys(a.attributes).length);
  if (fullest === undefined) return false;
  const read = await target.get(rule.resourceType, fullest.id);
  return !read.ok || leavesOut(rule, listedEntry(rule, fullest).attributes, read.value.attributes);
}

/** Accounts that were made since belong to the listing too: another object with the same values must find them. */
export async function addMade(
  deps: Deps,
  { cycle, dialect }: RunContext,
  planned: readonly Planned[],
  outcomes: readonly Outcome[],
): Promise<void> {
  if (cycle.type !== 'initial' || cycle.dryRun) return;
  const rules = new Map(planned.map(({ action, rule }) => [action, rule]));
  const made = outcomes.flatMap(({ action, ...outcome }) => {
    const rule = rules.get(action);
    if (outcome.kind !== 'applied' || action.kind !== 'create' || outcome.targetId === null || rule === undefined)
      return [];
    const attributes = createBody(rule.resourceType, rule.targetObjectName, action.desired, dialect.create);
    return [{ type: rule.resourceType, entry: listedEntry(rule, { id: outcome.targetId, attributes }) }];
  });
  for (const type of new Set(made.map((one) => one.type))) {
    const entries = made.filter((one) => one.type === type).map(({ entry }) => entry);
    if ((await deps.listings.get(cycle.id, type))?.state === 'complete')
      await deps.listings.add(cycle.id, type, entries);
  }
}
