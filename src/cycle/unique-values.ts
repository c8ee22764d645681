// SelectUniqueValue: asks the target for each candidate of a new account, and reserves the one that is free. Objects of a
// page choose in rounds; whoever lost a value to somebody else offers the next one.
import { pathKey } from '../rules/scim/path.ts';
import type { CompiledMapping } from '../rules/mapping/compile-mapping.ts';
import { mappedValue } from '../rules/mapping/mapped-value.ts';
import type { MappedValue } from '../rules/mapping/mapped-value.ts';
import { redactedError } from '../rules/mapping/redact.ts';
import { isFilterable } from '../rules/matching/askable.ts';
import { queryText } from '../rules/matching/match.ts';
import type { ObjectError } from '../rules/model/errors.ts';
import type { Page } from '../rules/model/job.ts';
import type { UniqueClaim } from '../rules/model/records.ts';
import { needsMatch } from '../rules/planning/plan-object.ts';
import { refuse } from './match-page.ts';
import type { Deps, TargetSession } from './ports.ts';
import type { RunContext } from './run-context.ts';
import { services } from './services.ts';
import type { Matched } from './stages.ts';

/** One value that is being looked for. */
interface Search {
  readonly object: Matched;
  readonly mapping: CompiledMapping;
  /** In lower case. */
  readonly taken: Set<string>;
  result: MappedValue | null;
  error: ObjectError | null;
}
interface Stage {
  readonly deps: Deps;
  readonly context: RunContext;
  readonly target: TargetSession;
  readonly page: Page;
}

/** Rules with chance in them have no end of candidates. */
const MOST_ROUNDS = 50;

export async function chooseUniqueValues(
  deps: Deps,
  context: RunContext,
  target: TargetSession,
  page: Page,
  matched: readonly Matched[],
): Promise<readonly Matched[]> {
  const stage = { deps, context, target, page };
  const searches = matched.filter(isNew).flatMap(searchesOf);
  for (let round = 0; round < MOST_ROUNDS && searches.some(isOpen); round += 1)
    await chooseOnce(stage, searches.filter(isOpen));
  return searches.length === 0 ? matched : matched.map((object) => withChoice(object, searches));
}

const isNew = ({ rule, candidate, scope, match, refusal }: Matched): boolean =>
  refusal === null && match.kind === 'unmatched' && rule.actions.create && needsMatch(rule, candidate, scope);

const searchesOf = (object: Matched): readonly Search[] =>
  object.rule.mappings
    .filter(({ unique }) => unique)
    .map((mapping) => ({ object, mapping, taken: new Set<string>(), result: null, error: null }));

const isOpen = ({ result, error }: Search): boolean => result === null && error === null;

/** Every open search offers its next candidate; those that nobody has are reserved together. */
async function chooseOnce(stage: Stage, open: readonly Search[]): Promise<void> {
  const offers = open.map((search) => ({ search, offered: offer(stage, search) }));
  const wanted = offers.flatMap(({ search, offered }) => {
    const value = offered.kind === 'value' ? queryText(offered.value) : '';
    if (value !== '') return [{ search, offered, value }];
    search.result = offered;
    return [];
  });
  await Promise.all(wanted.map(({ search, value }) => ask(stage, search, value)));
  const free = wanted.filter(({ search, value }) => isOpen(search) && !search.taken.has(value.toLowerCase()));
  const granted = await reserve(stage, free);
  for (const { search, offered, value } of free) {
    if (granted.has(search)) search.result = offered;
    else search.taken.add(value.toLowerCase());
  }
}

const offer = ({ deps, context }: Stage, { object, mapping, taken }: Search): MappedValue =>
  mappedValue(mapping, {
    object: object.candidate.object,
    entitlements: object.candidate.entitlements,
    softDeleted: false,
    roles: context.servicePrincipal.appRoles,
    operation: 'create',
    services: services(deps),
    taken: (_, value) => taken.has(value.toLowerCase()),
  });

/** An answer that could not be had is never "free". */
async function ask({ target }: Stage, search: Search, value: string): Promise<void> {
  const { object, mapping } = search;
  const { resourceType } = object.rule;
  if (!isFilterable(target.dialect, resourceType, mapping.targetPath)) {
    search.error = notCheckable(mapping);
    return;
  }
  const found = await target.find(resourceType, { targetPath: mapping.targetPath, value, priority: 0 });
  if (!found.ok) search.error = mapping.redacted ? redactedError(found.error, [value]) : found.error;
  else if (found.value.length > 0) search.taken.add(value.toLowerCase());
}

const notCheckable = ({ targetPath }: CompiledMapping): ObjectError => ({
  code: 'UniqueValueNotCheckable',
  message: `The account was not created: SelectUniqueValue is mapped to ${targetPath}, and the application cannot be asked for accounts by it.`,
  attribute: targetPath,
});

/** Of those that want the same value the first of the page has it. A what-if reserves nothing. */
async function reserve(
  { deps, context, page }: Stage,
  wanted: readonly { readonly search: Search; readonly value: string }[],
): Promise<ReadonlySet<Search>> {
  const first = new Map<string, { readonly search: Search; readonly claim: UniqueClaim }>();
  for (const { search, value } of wanted) {
    const path = pathKey(search.mapping.targetPath);
    const claim = { path, value: claimed(deps, search.mapping, value), sourceId: search.object.candidate.object.id };
    const key = keyOf(claim);
    if (!first.has(key)) first.set(key, { search, claim });
  }
  const claims = [...first.values()].map(({ claim }) => claim);
  const granted = context.cycle.dryRun ? claims : await deps.provisioning.reserveValues(page, context.job.id, claims);
  return new Set(granted.flatMap((claim) => first.get(keyOf(claim))?.search ?? []));
}

/** What nobody may see is reserved by its fingerprint, the same for every object that wants it. */
const claimed = ({ fingerprint }: Deps, { redacted, targetPath }: CompiledMapping, value: string): string =>
  redacted ? fingerprint(JSON.stringify([pathKey(targetPath), value.toLowerCase()])) : value.toLowerCase();

const keyOf = ({ path, value }: UniqueClaim): string => JSON.stringify([path, value]);

function withChoice(object: Matched, searches: readonly Search[]): Matched {
  const own = searches.filter((search) => search.object === object);
  if (own.length === 0) return object;
  const error = own.find((search) => search.error !== null)?.error ?? null;
  if (error !== null) return { ...object, refusal: refuse(object, error) };
  const chosen = own.map(({ mapping, result, taken }): [string, MappedValue] => [
    mapping.targetPath,
    result ?? { kind: 'all-taken', candidates: [...taken] },
  ]);
  return { ...object, chosen: new Map(chosen) };
}
