// References of users to one other user: the manager, at every target path that is mapped to him.
import type { ReferenceOutcome } from '../rules/model/decisions.ts';
import { tallyOf } from '../rules/model/id-tally.ts';
import type { ManagerDiff } from '../rules/model/records.ts';
import type { PatchOperation } from '../rules/model/target.ts';
import { ruleFor } from '../rules/mapping/compile.ts';
import { managerOperation } from '../rules/scim/patch.ts';
import type { Deps, TargetSession } from './ports.ts';
import type { RunContext } from './run-context.ts';

export interface ManagerWork {
  readonly path: string;
  readonly diff: ManagerDiff;
  /** `null`: it stands as it should, or the manager is awaited. */
  readonly operation: PatchOperation | null;
}

export async function managerDiffs(
  deps: Deps,
  { schema, job }: RunContext,
  ownerIds: readonly string[],
): Promise<readonly ManagerWork[]> {
  const rule = ruleFor(schema, 'User');
  if (rule === null || !rule.enabled || !rule.actions.update) return [];
  const found = await Promise.all(
    rule.managerPaths.map(async (path) =>
      (await deps.provisioning.managerDiffs(job, ownerIds, path)).map((diff) => ({
        path,
        diff,
        operation: operationFor(path, diff),
      })),
    ),
  );
  return found.flat();
}

/** A manager without an account yet leaves the old one standing and is awaited. */
function operationFor(path: string, diff: ManagerDiff): PatchOperation | null {
  const desired = diff.desired?.targetId ?? null;
  return diff.pending !== null || desired === diff.known ? null : managerOperation(path, desired, diff.known);
}

export async function writeManager(
  { cycle }: RunContext,
  target: TargetSession,
  { diff, operation }: ManagerWork,
): Promise<Partial<ReferenceOutcome>> {
  const pending = tallyOf(diff.pending === null ? [] : [diff.pending]);
  if (operation === null) return { pending };
  const changed = {
    added: tallyOf(diff.desired === null ? [] : [diff.desired.sourceId]),
    removed: tallyOf(diff.desired === null && diff.known !== null ? [diff.known] : []),
  };
  if (cycle.dryRun) return changed;
  const answer = await target.patch('User', diff.targetId, [operation]);
  return answer.ok ? changed : { error: answer.error };
}
