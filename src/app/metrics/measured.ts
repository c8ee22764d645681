// Measures what the parts do, from outside: each keeps its face, and who uses it notices nothing.
import type { Deps } from '../../cycle/ports.ts';
import type { CycleCounter, Cycle } from '../../rules/model/job.ts';
import type { PageRecord } from '../../rules/model/records.ts';
import type { DirectoryObserver } from '../../directory/log.ts';
import type { TargetObserver } from '../../target/observer.ts';
import type { Metrics } from './registry.ts';

type Kept = Pick<Deps, 'cycles' | 'provisioning' | 'listings'>;

export function measured<T extends Kept>(metrics: Metrics, kept: T, now: () => Date = () => new Date()): T {
  const { cycles, provisioning, listings } = kept;
  return {
    ...kept,
    cycles: {
      ...cycles,
      end: async (id, end) => {
        const ended = await cycles.end(id, end);
        if (ended) observeEnd(metrics, await cycles.get(id));
        return ended;
      },
    },
    provisioning: {
      ...provisioning,
      recordPage: async (record) => {
        const recorded = await provisioning.recordPage(record);
        if (recorded === 'lost') return recorded;
        countPage(metrics, record);
        const deprovisioned = record.outcomes.flatMap((outcome) =>
          outcome.kind === 'applied' && isDeprovisioning(outcome.action.kind) ? [outcome.action.kind] : [],
        );
        if (deprovisioned.length === 0) return recorded;
        const cycle = await cycles.get(record.page.cycleId);
        const seconds = secondsBetween(cycle?.startedAt ?? now(), now());
        for (const action of deprovisioned)
          metrics.observe('provisor_deprovision_latency_seconds', { job: record.jobId, action }, seconds);
        return recorded;
      },
      recordMembers: async (record) => {
        const recorded = await provisioning.recordMembers(record);
        const count = (op: string, result: string, by: number): void => {
          if (by > 0) metrics.count('provisor_membership_ops_total', { job: record.jobId, op, result }, by);
        };
        count(record.kind, 'success', record.done.length);
        count(record.kind, 'failure', record.refused.length);
        return recorded;
      },
    },
    listings: {
      ...listings,
      exclusively: (cycleId, type, work) => {
        const from = now();
        return listings.exclusively(cycleId, type, () => {
          metrics.observe('provisor_lock_wait_seconds', { lock: 'listing' }, secondsBetween(from, now()));
          return work();
        });
      },
    },
  };
}

function observeEnd(metrics: Metrics, cycle: Cycle | null): void {
  if (cycle?.startedAt == null || cycle.endedAt === null || cycle.dryRun) return;
  const type = cycle.trigger === 'onDemand' ? 'onDemand' : cycle.type;
  const seconds = secondsBetween(cycle.startedAt, cycle.endedAt);
  metrics.observe('provisor_cycle_duration_seconds', { job: cycle.jobId, type, outcome: cycle.state }, seconds);
}

const results = [
  'created',
  'updated',
  'disabled',
  'restored',
  'deleted',
  'skipped',
  'failed',
  'held',
] as const satisfies readonly CycleCounter[];

function countPage(metrics: Metrics, { jobId: job, page: { phase }, counts }: PageRecord): void {
  for (const result of results) {
    const by = counts[result] ?? 0;
    if (by > 0) metrics.count('provisor_cycle_objects_total', { job, phase, result }, by);
  }
}

const isDeprovisioning = (kind: string): kind is 'disable' | 'delete' => kind === 'disable' || kind === 'delete';
const secondsBetween = (from: Date, to: Date): number => Math.max(0, to.getTime() - from.getTime()) / 1000;

/** Requests outside of any job, such as those of a probe, count for the job ''. */
export const targetObserver = (metrics: Metrics): TargetObserver => ({
  answered: ({ jobId: job, method: verb, code, seconds, budgetUsed }) => {
    metrics.count('provisor_target_requests_total', { job, verb, code });
    metrics.observe('provisor_target_request_seconds', { job, verb }, seconds);
    if (budgetUsed !== null) metrics.set('provisor_rate_budget_used_ratio', { job }, budgetUsed);
  },
  waited: ({ jobId: job, seconds }) => metrics.count('provisor_throttle_wait_seconds_total', { job }, seconds),
});

export const directoryObserver = (metrics: Metrics): DirectoryObserver => ({
  answered: ({ code, seconds }) => {
    metrics.count('provisor_directory_requests_total', { code });
    metrics.observe('provisor_directory_request_seconds', {}, seconds);
  },
  waited: (seconds) => metrics.count('provisor_directory_wait_seconds_total', {}, seconds),
});
