// References between provisioned objects: members of groups and managers of users, written after both ends exist.
// What should be there comes from the mirror, what is there from what was last written; only the difference is sent.
import pLimit from 'p-limit';
import type { ReferenceOutcome } from '../rules/model/decisions.ts';
import type { ObjectError } from '../rules/model/errors.ts';
import { noIds } from '../rules/model/id-tally.ts';
import type { Page } from '../rules/model/job.ts';
import { MEMBERS } from '../rules/model/records.ts';
import type { MemberGroup, MemberRetry } from '../rules/model/records.ts';
import type { ObjectType } from '../rules/model/source-object.ts';
import { ruleFor } from '../rules/mapping/compile.ts';
import { standingOfMembers } from '../rules/safety/member-guard.ts';
import { allEnded } from './all-ended.ts';
import { aboutObject } from './correlation.ts';
import { unlessWithdrawn } from './export-page.ts';
import type { Deps, TargetSession } from './ports.ts';
import { noteShownMembers } from './read-members.ts';
import type { RunContext } from './run-context.ts';
import { managerDiffs, writeManager } from './write-managers.ts';
import type { ManagerWork } from './write-managers.ts';
import { writeMembers } from './write-members.ts';
import type { GroupRun, WrittenMembers } from './write-members.ts';

/** An outcome with what the log says about its owner. */
export interface ReferenceWork {
  readonly outcome: ReferenceOutcome;
  readonly type: ObjectType;
  readonly displayName: string;
  readonly targetId: string;
  /** The owner was created or adopted in this very cycle: its first manager is part of that, not an update of its own. */
  readonly fresh: boolean;
}

/** Groups written at once by one page; each holds a slice of its members. */
const GROUPS_AT_ONCE = 4;

export interface ProcessedReferences {
  readonly references: readonly ReferenceWork[];
  /** Owners that could not be finished before the cycle was stopped. */
  readonly left: readonly string[];
}

/** `null` when another run has taken the page over: then it records it. */
export async function processReferences(
  deps: Deps,
  context: RunContext,
  target: TargetSession,
  page: Page,
): Promise<ProcessedReferences | null> {
  const groups = await memberGroups(deps, context, page.objectIds);
  const managers = await managerDiffs(deps, context, page.objectIds);
  const writer = deps.newId();
  const owners = [
    ...groups.filter(({ differs }) => differs).map(({ groupId }) => groupId),
    ...managers.filter(({ operation }) => operation !== null).map(({ diff }) => diff.userId),
  ];
  const held = context.cycle.dryRun
    ? new Set(owners)
    : await deps.provisioning.takeReferences(page, context.job.id, [...new Set(owners)], writer);
  const left = new Set<string>();
  const run = { left, deps, context, target, writer, retry: retryOf(deps, context) };
  const few = pLimit(GROUPS_AT_ONCE);
  const work = await allEnded<ReferenceWork | readonly ReferenceWork[] | null>([
    ...groups.map((group) => few(() => aboutObject(group.groupId, () => membersOf({ ...run, group }, held)))),
    managersOf(run, managers, held),
  ]);
  const told = work.flat().filter((one) => one !== null);
  return told.length < work.flat().length ? null : { references: told, left: [...left] };
}

async function memberGroups(deps: Deps, { schema, job }: RunContext, ownerIds: readonly string[]) {
  const rule = ruleFor(schema, 'Group');
  if (rule?.membersPath == null || !rule.enabled || !rule.actions.update) return [];
  return deps.provisioning.memberGroups(job, ownerIds);
}

const retryOf = (deps: Deps, { cycle }: RunContext): MemberRetry => ({
  at: deps.clock.now(),
  changedAfter: cycle.type === 'initial' ? null : cycle.from,
  cycleStart: cycle.startedAt ?? cycle.queuedAt,
  only: cycle.onlyMembers,
});

/** What all owners of a page share. */
interface OwnersRun extends Omit<GroupRun, 'group'> {
  readonly left: Set<string>;
}

async function membersOf(run: GroupRun & OwnersRun, held: ReadonlySet<string>): Promise<ReferenceWork | null> {
  const { group, context } = run;
  if (!group.differs) return workOn(group, {});
  if (context.cycle.dryRun) return workOn(group, await wouldWrite(run));
  if (!held.has(group.groupId)) return workOn(group, { error: busyNow(group) });
  const guarded = await guardMembers(run);
  const written = await writeGroup(run, guarded.removes);
  if (written.stopped === 'lost') return null;
  if (written.stopped === 'withdrawn') run.left.add(group.groupId);
  const { added, removed, refused, refusal, error, stopped } = written;
  const pending = await run.deps.provisioning.settleMembers(context.job, group.groupId);
  return workOn(group, {
    added,
    removed,
    refused,
    refusal,
    error,
    pending,
    held: guarded.held,
    kept: guarded.kept,
    unfinished: stopped !== null || run.retry.only != null,
  });
}

/** A group that was there before us may have members already: they are noted, so that they are not added again. */
async function writeGroup(run: GroupRun, removes: boolean): Promise<WrittenMembers> {
  if (!run.group.unread) return writeMembers(run, false, removes);
  const error = await noteShownMembers(run);
  if (error !== null) return { added: noIds, removed: noIds, refused: noIds, refusal: null, error, stopped: null };
  await run.deps.provisioning.membersWereRead(run.context.job.id, run.group.groupId);
  return writeMembers(run, true, removes);
}

async function wouldWrite(run: GroupRun): Promise<Partial<ReferenceOutcome>> {
  const {
    deps,
    context: { job },
    group: { groupId },
    retry,
  } = run;
  const { removes, held, kept } = await guardMembers(run);
  return {
    held,
    kept,
    added: await deps.provisioning.countMemberChanges(job, { groupId, kind: 'add', retry }),
    removed: removes ? await deps.provisioning.countMemberChanges(job, { groupId, kind: 'remove', retry }) : noIds,
    pending: await deps.provisioning.awaitedMembers(job, groupId),
  };
}

/** The deletion guard on the members that a group is to lose; additions go on in any case. */
async function guardMembers({ deps, context: { job }, group: { groupId }, retry }: GroupRun) {
  const losses = await deps.provisioning.memberLosses(job, groupId, retry);
  const standing = standingOfMembers(losses, job.settings);
  switch (standing.kind) {
    case 'pass':
      return { removes: true, held: null, kept: false };
    case 'keep':
      return { removes: false, held: null, kept: true };
    case 'hold': {
      const members = await deps.provisioning.countMemberChanges(job, { groupId, kind: 'remove', retry });
      return { removes: false, held: { members, why: standing.why }, kept: false };
    }
  }
}

const workOn = (group: MemberGroup, outcome: Partial<ReferenceOutcome>): ReferenceWork => ({
  outcome: { ...nothingDone, ownerId: group.groupId, attribute: MEMBERS, ...outcome },
  type: 'Group',
  displayName: group.displayName,
  targetId: group.targetId,
  fresh: false,
});

/** One path after the other: an account is written by one request at a time. */
async function managersOf(
  run: OwnersRun,
  managers: readonly ManagerWork[],
  held: ReadonlySet<string>,
): Promise<readonly ReferenceWork[]> {
  const work: (ReferenceWork | null)[] = [];
  for (const path of new Set(managers.map((manager) => manager.path))) {
    const atPath = managers.filter((manager) => manager.path === path);
    work.push(...(await allEnded(atPath.map((manager) => unlessStopped(run, manager, held)))));
  }
  return work.filter((one) => one !== null);
}

async function unlessStopped(
  run: OwnersRun,
  manager: ManagerWork,
  held: ReadonlySet<string>,
): Promise<ReferenceWork | null> {
  const { userId } = manager.diff;
  const work = await aboutObject(userId, () => managerOf(run, manager, held)).catch(unlessWithdrawn);
  if (work === null) run.left.add(userId);
  return work;
}

async function managerOf(
  { context, target }: OwnersRun,
  manager: ManagerWork,
  held: ReadonlySet<string>,
): Promise<ReferenceWork> {
  const { diff } = manager;
  const { startedAt } = context.cycle;
  const outcome =
    manager.operation === null || held.has(diff.userId)
      ? await writeManager(context, target, manager)
      : { error: busyNow(diff) };
  return {
    outcome: { ...nothingDone, ownerId: diff.userId, attribute: manager.path, ...outcome },
    type: 'User',
    displayName: diff.displayName,
    targetId: diff.targetId,
    fresh: startedAt !== null && diff.linkedAt >= startedAt,
  };
}

const nothingDone: Omit<ReferenceOutcome, 'ownerId' | 'attribute'> = {
  added: noIds,
  removed: noIds,
  pending: noIds,
  refused: noIds,
  refusal: null,
  error: null,
  held: null,
  kept: false,
  unfinished: false,
};

const busyNow = ({ displayName }: { readonly displayName: string }): ObjectError => ({
  code: 'EntryBusy',
  message: `${displayName} is being written by another run at this moment; it is tried again in the next cycle.`,
});
