// Counts of one page, from what was decided and sent.
import type { Outcome } from '../rules/model/decisions.ts';
import type { CycleCounter, CycleCounts } from '../rules/model/job.ts';
import type { TargetSession } from './ports.ts';
import type { ReferenceWork } from './process-references.ts';
import type { Scoped } from './stages.ts';

const counterOf = {
  create: 'created',
  update: 'updated',
  disable: 'disabled',
  restore: 'restored',
  delete: 'deleted',
  skip: 'skipped',
  refuse: 'failed',
} as const satisfies Record<Outcome['action']['kind'], CycleCounter>;

/** A what-if counts what it would have done. */
export function tally(
  imported: number,
  scoped: readonly Scoped[],
  outcomes: readonly Outcome[],
  references: readonly ReferenceWork[],
  sent: TargetSession['sent'],
): Partial<CycleCounts> {
  const counts = new Map<CycleCounter, number>();
  for (const outcome of outcomes) {
    const counter =
      outcome.kind === 'held' ? 'held' : outcome.kind === 'failed' ? 'failed' : counterOf[outcome.action.kind];
    counts.set(counter, (counts.get(counter) ?? 0) + 1);
  }
  const members = references.flatMap(({ type, outcome }) => (type === 'Group' ? [outcome] : []));
  const managers = references.filter(
    ({ type, fresh, outcome: o }) => type === 'User' && !fresh && o.added.length + o.removed.length > 0,
  );
  return {
    ...Object.fromEntries(counts),
    updated: (counts.get('updated') ?? 0) + managers.length,
    failed: (counts.get('failed') ?? 0) + references.filter(({ outcome }) => outcome.error !== null).length,
    imported,
    inScope: scoped.filter(({ scope }) => scope.in === true).length,
    membersAdded: members.reduce((sum, { added }) => sum + added.length, 0),
    membersRemoved: members.reduce((sum, { removed }) => sum + removed.length, 0),
    targetRequests: sent.requests,
    targetWrites: sent.writes,
  };
}
