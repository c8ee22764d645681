// Counts of one page, from what was decided and sent.
import type { Outcome } from '../rules/model/decisions.ts';
import type { Cycle, CycleCounter, CycleCounts } from '../rules/model/job.ts';
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

function counterFor({ kind, action }: Outcome): CycleCounter {
  switch (kind) {
    case 'held':
    case 'failed':
      return kind;
    case 'postponed':
      return 'skipped';
    case 'applied':
    case 'skipped':
    case 'planned':
      return counterOf[action.kind];
  }
}

/** A what-if counts what it would have done. */
export function tally(
  imported: number,
  scoped: readonly Scoped[],
  outcomes: readonly Outcome[],
  sent: TargetSession['sent'],
): Partial<CycleCounts> {
  const counts = new Map<CycleCounter, number>();
  for (const outcome of outcomes) {
    const counter = counterFor(outcome);
    counts.set(counter, (counts.get(counter) ?? 0) + 1);
  }
  return {
    ...Object.fromEntries(counts),
    imported,
    inScope: scoped.filter(({ scope }) => scope.in === true).length,
    ...requests(sent),
  };
}

/** Members that were written are counted as they are recorded, batch by batch; only a what-if counts them here. */
export function referenceTally(
  references: readonly ReferenceWork[],
  { dryRun }: Cycle,
  sent: TargetSession['sent'],
): Partial<CycleCounts> {
  const managers = references.filter(
    ({ type, fresh, outcome: o }) => type === 'User' && !fresh && o.added.count + o.removed.count > 0,
  );
  const members = references.flatMap(({ type, outcome }) => (type === 'Group' && dryRun ? [outcome] : []));
  return {
    updated: managers.length,
    failed: sum(references, ({ outcome }) => outcome.refused.count + (outcome.error === null ? 0 : 1)),
    held: references.filter(({ outcome }) => outcome.held !== null).length,
    membersAdded: sum(members, ({ added }) => added.count),
    membersRemoved: sum(members, ({ removed }) => removed.count),
    ...requests(sent),
  };
}

const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0);
const requests = (sent: TargetSession['sent']): Partial<CycleCounts> => ({
  targetRequests: sent.requests,
  targetWrites: sent.writes,
});
