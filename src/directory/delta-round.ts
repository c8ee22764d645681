// Follows one delta query of Microsoft Graph into the mirror. A link is stored only in the transaction of the page that it
// follows, so a crash repeats at most one page. A round that is full and complete still owes its evidence; the state says so
// until every suspect is settled: complete + full = evidence outstanding, complete + delta = in step.
import type { DeltaResource, DeltaState, MirrorPage } from '../rules/model/mirror.ts';
import { incomplete, meaningOf, refused } from './errors.ts';
import type { Refusal } from './errors.ts';
import { settleObjects } from './evidence.ts';
import type { Run } from './evidence.ts';
import { endlessGuard, graphPage } from './listing.ts';
import type { EndlessGuard, GraphPage } from './listing.ts';
import { settleMembers } from './members.ts';
import { readDeltaPage } from './page.ts';

/** How often one refresh starts anew when the directory forgets the links that it has just given. */
const maxRestarts = 2;
/** A long read says in the log that it goes on. */
const pagesPerLine = 100;

/** Sorted, so that the same properties are the same selection. */
export const selectionOf = (properties: readonly string[]): string =>
  [...new Set(['id', ...properties])].sort().join(',');

/** Brings the mirror in step with one resource. Throws SystemError; what was stored until then stays and is built upon. */
export async function followDelta(run: Run, resource: DeltaResource, properties: readonly string[]): Promise<void> {
  const selection = selectionOf(properties);
  const stored = await run.mirror.deltaState(run.tenantId, resource);
  const usable = stored?.link != null && stored.selection === selection;
  if (!usable) {
    await finishRound(run, fullRound(resource, selection, stored));
    return;
  }
  const settled = stored.complete && stored.round === 'full' ? await settle(run, stored) : stored;
  const finished = await finishRound(run, settled);
  // A round begun by an earlier refresh shows the directory as it was then: one more brings what came since.
  if (!stored.complete) await finishRound(run, finished);
}

const fullRound = (resource: DeltaResource, selection: string, before: DeltaState | null): DeltaState => ({
  resource,
  link: null,
  complete: false,
  round: 'full',
  generation: (before?.generation ?? 0) + 1,
  selection,
});

async function finishRound(run: Run, from: DeltaState): Promise<DeltaState> {
  let state: DeltaState = from.complete ? { ...from, round: 'delta' } : from;
  for (let restarts = 0; restarts <= maxRestarts; restarts++) {
    const end = await readRound(run, state);
    if (end.kind === 'complete') return end.state.round === 'full' ? settle(run, end.state) : end.state;
    run.log.warn(
      { resource: state.resource, because: end.refusal.codes },
      'the directory no longer knows the delta link: reading everything',
    );
    state = fullRound(state.resource, state.selection, state);
  }
  throw incomplete(
    `Microsoft Graph gave up its own delta links ${String(maxRestarts + 1)} times while /${from.resource} was read`,
  );
}

/** Suspects are settled before the round counts as followed. */
async function settle(run: Run, state: DeltaState): Promise<DeltaState> {
  await refuseEmptyTenant(run, state);
  await settleObjects(run, state.resource, state.generation);
  if (state.resource === 'groups') await settleMembers(run, state.generation);
  const settled: DeltaState = { ...state, round: 'delta' };
  await run.mirror.savePage(run.tenantId, { ...emptyPage, state: settled });
  return settled;
}

/** A tenant has a user at least, who made it: a read that shows none is none, and the next one begins anew. */
async function refuseEmptyTenant(run: Run, state: DeltaState): Promise<void> {
  if (state.resource !== 'users') return;
  const { live, seen } = await run.mirror.census(run.tenantId, state.resource, state.generation);
  if (live > 0 && seen === 0)
    await abandon(run, state, `GET /v1.0/users/delta listed no user at all, and ${String(live)} are known`);
}

const emptyPage: Omit<MirrorPage, 'state'> = { objects: [], tombstones: [], memberships: [] };

type RoundEnd =
  { readonly kind: 'complete'; readonly state: DeltaState } | { readonly kind: 'expired'; readonly refusal: Refusal };

async function readRound(run: Run, from: DeltaState): Promise<RoundEnd> {
  const guard = endlessGuard();
  const path = `/v1.0/${from.resource}/delta`;
  let state = from;
  for (let pages = 1; ; pages++) {
    const answer = await run.session.get(state.link ?? firstPath(state));
    if (!answer.ok && state.link !== null && isExpired(answer.refusal))
      return { kind: 'expired', refusal: answer.refusal };
    if (!answer.ok) throw refused(`GET ${path}`, answer.refusal);
    state = await savePage(run, state, guard, graphPage(answer.body, path));
    const { resource, round, complete } = state;
    if (complete || pages % pagesPerLine === 0)
      run.log.info({ resource, round, complete, pages }, 'read pages of the directory');
    if (complete) return { kind: 'complete', state };
  }
}

const firstPath = ({ resource, selection }: DeltaState): string =>
  `/${resource}/delta?$select=${selection.split(',').map(encodeURIComponent).join(',')}`;

/** Of a link that the directory gave itself, every "I do not understand" or "not found" means that its token is gone. */
const isExpired = (refusal: Refusal): boolean =>
  meaningOf(refusal) === 'link-expired' || refusal.status === 400 || refusal.status === 404;

async function savePage(run: Run, before: DeltaState, guard: EndlessGuard, page: GraphPage): Promise<DeltaState> {
  const link = page.nextLink ?? page.deltaLink;
  if (link === null)
    throw incomplete(`A page of GET /v1.0/${before.resource}/delta has neither a next link nor a delta link`);
  const endless = guard.check(page);
  if (endless !== null) await abandon(run, before, `GET /v1.0/${before.resource}/delta would never end: ${endless}`);
  const selected = before.selection.split(',');
  const { resource, round } = before;
  const state: DeltaState = { ...before, link, complete: page.nextLink === null };
  await run.mirror.savePage(run.tenantId, {
    ...readDeltaPage({ resource, round, selected, values: page.values }),
    state,
  });
  return state;
}

/** To resume such a round would lead to the same again: the next refresh starts anew. */
async function abandon(run: Run, state: DeltaState, because: string): Promise<never> {
  await run.mirror.savePage(run.tenantId, {
    ...emptyPage,
    state: { ...state, link: null, complete: false, round: 'full' },
  });
  throw incomplete(because);
}
