// References between provisioned objects: members of groups and managers of users, written after both ends exist.
// What should be there comes from the mirror, what is there from what was last written; only the difference is sent.
import type { ReferenceOutcome } from '../rules/model/decisions.ts';
import type { ObjectError, ObjectErrorCode } from '../rules/model/errors.ts';
import type { Json } from '../rules/model/json.ts';
import type { ObjectType } from '../rules/model/source-object.ts';
import { ruleFor } from '../rules/mapping/compile.ts';
import { managerOperation, memberOperations } from '../rules/scim/patch.ts';
import { readPath } from '../rules/scim/read-path.ts';
import type { Deps, TargetSession } from './ports.ts';
import type { ManagerDiff, MembershipDiff, Reference } from '../rules/model/records.ts';
import type { RunContext } from './run-context.ts';

/** An outcome with what the log says about its owner. */
export interface ReferenceWork {
  readonly outcome: ReferenceOutcome;
  readonly type: ObjectType;
  readonly displayName: string;
  readonly targetId: string;
  /** The owner was created or adopted in this very cycle: its first manager is part of that, not an update of its own. */
  readonly fresh: boolean;
}

export async function processReferences(
  deps: Deps,
  context: RunContext,
  target: TargetSession,
  ownerIds: readonly string[],
): Promise<readonly ReferenceWork[]> {
  const work = await Promise.all([members(deps, context, target, ownerIds), managers(deps, context, target, ownerIds)]);
  return work.flat();
}

async function members(deps: Deps, context: RunContext, target: TargetSession, ownerIds: readonly string[]) {
  const rule = ruleFor(context.schema, 'Group');
  if (rule?.membersPath == null || !rule.enabled || !rule.actions.update) return [];
  const diffs = await deps.provisioning.membershipDiffs(context.job, ownerIds);
  return Promise.all(diffs.map((diff) => membersOf(deps, context, target, diff)));
}

async function membersOf(
  deps: Deps,
  context: RunContext,
  target: TargetSession,
  found: MembershipDiff,
): Promise<ReferenceWork> {
  const read =
    found.unread && !context.cycle.dryRun ? await readMembers(deps, context, target, found) : { diff: found };
  const written = 'error' in read ? { ...noChange, error: read.error } : await writeMembers(context, target, read.diff);
  const outcome: ReferenceOutcome = {
    ownerId: found.groupId,
    attribute: 'members',
    pending: found.pending,
    ...written,
  };
  return { outcome, type: 'Group', displayName: found.displayName, targetId: found.targetId, fresh: false };
}

/** A group that was there before us may have members already: they are noted, so that they are not added again. */
async function readMembers(
  deps: Deps,
  { job }: RunContext,
  target: TargetSession,
  diff: MembershipDiff,
): Promise<{ readonly diff: MembershipDiff } | { readonly error: ObjectError }> {
  const group = await target.get('Group', diff.targetId);
  if (!group.ok) return { error: group.error };
  await deps.provisioning.noteMembers(job.id, diff.groupId, memberIds(readPath(group.value.attributes, 'members')));
  const [again] = await deps.provisioning.membershipDiffs(job, [diff.groupId]);
  return { diff: again ?? diff };
}

const memberIds = (members: Json | undefined): readonly string[] =>
  Array.isArray(members)
    ? members.flatMap((member: Json) => {
        const value = readPath({ member }, 'member.value');
        return typeof value === 'string' ? [value] : [];
      })
    : [];

interface MemberChange {
  readonly kind: 'add' | 'remove';
  readonly member: Reference;
}
type Written = Pick<ReferenceOutcome, 'added' | 'removed' | 'error'>;
const noChange: Written = { added: [], removed: [], error: null };

async function writeMembers(
  { dialect, cycle }: RunContext,
  target: TargetSession,
  diff: MembershipDiff,
): Promise<Written> {
  const changes: readonly MemberChange[] = [
    ...diff.remove.map((member) => ({ kind: 'remove' as const, member })),
    ...diff.add.map((member) => ({ kind: 'add' as const, member })),
  ];
  if (cycle.dryRun) return done(changes);
  let written = noChange;
  for (let start = 0; start < changes.length; start += dialect.membersPerPatch) {
    const batch = changes.slice(start, start + dialect.membersPerPatch);
    written = together(written, await writeBatch(target, diff, batch));
  }
  return written;
}

/** A refused batch is halved until the poison member stands alone: it never stops the others (invariant 8). */
async function writeBatch(
  target: TargetSession,
  diff: MembershipDiff,
  batch: readonly MemberChange[],
): Promise<Written> {
  const idsOf = (kind: MemberChange['kind']) =>
    batch.filter((c) => c.kind === kind).map(({ member }) => member.targetId);
  const [operations] = memberOperations({ add: idsOf('add'), remove: idsOf('remove') }, batch.length);
  if (operations === undefined) return noChange;
  const answer = await target.patch('Group', diff.targetId, operations);
  if (answer.ok) return done(batch);
  if (batch.length === 1 || !refusesContent.has(answer.error.code))
    return { ...noChange, error: about(batch, answer.error) };
  const middle = Math.ceil(batch.length / 2);
  const first = await writeBatch(target, diff, batch.slice(0, middle));
  return together(first, await writeBatch(target, diff, batch.slice(middle)));
}

/** Refusals that one bad member can cause; others concern the whole group, and halving would only repeat them. */
const refusesContent: ReadonlySet<ObjectErrorCode> = new Set([
  'BadRequest',
  'Conflict',
  'UnprocessableEntity',
  'NotImplemented',
  'InternalServerError',
]);

const about = (batch: readonly MemberChange[], error: ObjectError): ObjectError => {
  const [only, another] = batch;
  if (only === undefined || another !== undefined) return error;
  return {
    ...error,
    message: `Member ${only.member.sourceId} (${only.member.targetId}) was refused: ${error.message}`,
  };
};

function done(changes: readonly MemberChange[]): Written {
  const idsOf = (kind: MemberChange['kind']) =>
    changes.filter((c) => c.kind === kind).map(({ member }) => member.sourceId);
  return { added: idsOf('add'), removed: idsOf('remove'), error: null };
}
const together = (a: Written, b: Written): Written => ({
  added: [...a.added, ...b.added],
  removed: [...a.removed, ...b.removed],
  error: a.error ?? b.error,
});

async function managers(deps: Deps, context: RunContext, target: TargetSession, ownerIds: readonly string[]) {
  const rule = ruleFor(context.schema, 'User');
  if (rule?.managerPath == null || !rule.actions.update) return [];
  const { managerPath } = rule;
  const diffs = await deps.provisioning.managerDiffs(context.job, ownerIds, managerPath);
  return Promise.all(diffs.map((diff) => managerOf(context, target, managerPath, diff)));
}

/** A manager without an account yet leaves the old one standing and is awaited. */
async function managerOf(
  context: RunContext,
  target: TargetSession,
  attribute: string,
  diff: ManagerDiff,
): Promise<ReferenceWork> {
  const fresh = context.cycle.startedAt !== null && diff.linkedAt >= context.cycle.startedAt;
  const owner = { type: 'User' as const, displayName: diff.displayName, targetId: diff.targetId, fresh };
  const pending = diff.pending === null ? [] : [diff.pending];
  const desired = diff.desired?.targetId ?? null;
  const same = { ownerId: diff.userId, attribute, pending, added: [], removed: [], error: null };
  if (diff.pending !== null || desired === diff.known) return { ...owner, outcome: same };
  const changed = {
    ...same,
    added: diff.desired === null ? [] : [diff.desired.sourceId],
    removed: diff.desired === null && diff.known !== null ? [diff.known] : [],
  };
  if (context.cycle.dryRun) return { ...owner, outcome: changed };
  const operation = managerOperation(attribute, desired, diff.known);
  const answer = await target.patch('User', diff.targetId, [operation]);
  return { ...owner, outcome: answer.ok ? changed : { ...same, error: answer.error } };
}
