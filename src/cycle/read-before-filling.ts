// A mapping that only fills must not overwrite what stands in the application already. Where it was added after the account
// was linked, nothing is known of its attribute: the account is read once, and planned anew with what it holds.
import { reportsGone } from '../rules/model/errors.ts';
import type { Link } from '../rules/model/target.ts';
import { onlyFills } from '../rules/planning/diff.ts';
import { accountFrom } from '../rules/planning/plan-object.ts';
import { sealOf } from '../rules/planning/seal.ts';
import { allEnded } from './all-ended.ts';
import { refuse } from './match-page.ts';
import { planOf } from './plan-of.ts';
import type { Deps, TargetSession } from './ports.ts';
import type { RunContext } from './run-context.ts';
import type { Planned } from './stages.ts';

export const readBeforeFilling = (
  deps: Deps,
  context: RunContext,
  target: TargetSession,
  planned: readonly Planned[],
): Promise<readonly Planned[]> =>
  allEnded(planned.map(async (object) => (fillsUnread(object) ? readOne(deps, context, target, object) : object)));

/** What was matched, or may have been written unnoticed, was read just now. */
function fillsUnread({ rule, candidate, match, action }: Planned): boolean {
  if (match.kind !== 'linked' || candidate.unsure === true) return false;
  if (action.kind !== 'update' && action.kind !== 'restore') return false;
  const filling = new Set(rule.mappings.filter(onlyFills).map(({ targetPath }) => targetPath));
  return action.changes.some(({ path, before }) => before === null && filling.has(path));
}

/** What could not be read is not written either. An account that is gone shows when it is written. */
async function readOne(deps: Deps, context: RunContext, target: TargetSession, object: Planned): Promise<Planned> {
  const { rule, candidate, match } = object;
  if (match.kind !== 'linked') return object;
  const found = await target.get(rule.resourceType, match.link.targetId);
  if (!found.ok) return reportsGone(found.error) ? object : { ...object, action: refuse(object, found.error) };
  const filled = { ...rule, mappings: rule.mappings.filter(onlyFills), managerPaths: [] };
  const read = accountFrom(filled, found.value.attributes, sealOf(candidate.object.id, deps.fingerprint));
  const link: Link = { ...match.link, known: { ...match.link.known, ...read } };
  const again = planOf(deps, context, {
    ...object,
    match: { kind: 'linked', link },
    candidate: { ...candidate, link },
  });
  return remembering(again, link);
}

/** What was found is noted also where nothing is to be written, so that it is not asked for again. */
const remembering = (object: Planned, { known }: Link): Planned =>
  object.action.kind === 'skip' && object.action.adopt === null
    ? { ...object, action: { ...object.action, adopt: known } }
    : object;
