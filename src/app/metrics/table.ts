// Every metric in one table: it feeds the registry and docs/metrics.md, and the dashboard and the alert rules are held against
// it by a test. Labels have few values: a job, never an object.

interface Described {
  readonly help: string;
  readonly labels: readonly string[];
}
export interface CounterMetric extends Described {
  readonly type: 'counter';
}
export interface HistogramMetric extends Described {
  readonly type: 'histogram';
  /** Upper bounds, in seconds. */
  readonly buckets: readonly number[];
}
/** `database`: read from the database by the API when it is asked for; others are each process's own. */
export interface GaugeMetric extends Described {
  readonly type: 'gauge';
  readonly of: 'process' | 'database';
}
export type Metric = CounterMetric | HistogramMetric | GaugeMetric;

const counter = <L extends string>(help: string, labels: readonly L[]) => ({ type: 'counter', help, labels }) as const;
const gauge = <L extends string>(help: string, labels: readonly L[]) =>
  ({ type: 'gauge', of: 'database', help, labels }) as const;
const own = <L extends string>(help: string, labels: readonly L[]) =>
  ({ type: 'gauge', of: 'process', help, labels }) as const;
const histogram = <L extends string>(help: string, buckets: readonly number[], labels: readonly L[]) =>
  ({ type: 'histogram', help, buckets, labels }) as const;

const requests = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const waits = [0.01, 0.1, 1, 10, 60, 300];
const cycles = [1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
const lags = [1, 10, 60, 300, 900, 2400, 3600, 7200, 21_600, 86_400, 604_800];

export const metricsTable = {
  provisor_cycle_duration_seconds: histogram('From start to end of a cycle.', cycles, ['job', 'type', 'outcome']),
  provisor_cycle_objects_total: counter('Objects that cycles decided on.', ['job', 'phase', 'result']),
  provisor_membership_ops_total: counter('Members written to groups, and refused.', ['job', 'op', 'result']),
  provisor_deprovision_latency_seconds: histogram(
    'From the start of the cycle that saw the reason to the disable or delete of an account.',
    lags,
    ['job', 'action'],
  ),
  provisor_target_requests_total: counter('Requests to applications, repeated ones included.', ['job', 'verb', 'code']),
  provisor_target_request_seconds: histogram('Time until an application answered.', requests, ['job', 'verb']),
  provisor_rate_budget_used_ratio: own('Share of its allowance that an application last said is used.', ['job']),
  provisor_throttle_wait_seconds_total: counter('Time waited because an application asked for it.', ['job']),
  provisor_directory_requests_total: counter('Requests to Microsoft Graph; 429 is throttling.', ['code']),
  provisor_directory_request_seconds: histogram('Time until Microsoft Graph answered.', requests, []),
  provisor_directory_wait_seconds_total: counter('Time waited before requests to Microsoft Graph were repeated.', []),
  provisor_lock_wait_seconds: histogram('Time waited for the one who lists the accounts of an application.', waits, [
    'lock',
  ]),
  provisor_db_pool_connections: own('Connections to PostgreSQL, and who waits for one.', ['state']),
  provisor_http_requests_total: counter('Requests that the API answered.', ['method', 'route', 'status']),
  provisor_http_request_duration_seconds: histogram('Time until the API answered.', requests, ['method', 'route']),
  provisor_job_info: gauge('1 for every job, with its application.', ['job', 'application', 'template']),
  provisor_jobs: gauge('Jobs by status.', ['status']),
  provisor_job_quarantined: gauge('1 while a job is in quarantine, by reason.', ['job', 'reason']),
  provisor_cycles_unfinished: gauge('Cycles that wait or run.', ['state']),
  provisor_objects_inflight: gauge('Objects of running cycles that are not recorded yet.', ['job']),
  provisor_last_cycle_objects: gauge('Counts of the last cycle that ended.', ['job', 'counter']),
  provisor_source_lag_seconds: gauge('Age of the oldest change that was read and is not applied yet; 0 without one.', [
    'job',
  ]),
  provisor_watermark_age_seconds: gauge('Time since the start of the last cycle that moved the watermark.', ['job']),
  provisor_cycle_interval_seconds: gauge('From start to start of two cycles.', ['job']),
  provisor_escrow_entries: gauge('Objects and members in error, by code and by when they are tried again.', [
    'job',
    'cause',
    'class',
  ]),
  provisor_staged_destructive_ops: gauge('Disables and deletes that wait for approval.', ['job']),
  provisor_linked_objects: gauge('Objects with an account.', ['job', 'type']),
  provisor_intents_unresolved: gauge('Writes announced more than ten minutes ago whose end is not recorded.', ['job']),
  provisor_credential_expiry_seconds: gauge(
    'Time until the token or client certificate of a job expires, where it says when.',
    ['job'],
  ),
  provisor_queue_jobs: gauge('Jobs of the queue.', ['queue', 'state']),
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metricsTable;
type Of<T extends Metric['type']> = {
  [N in MetricName]: (typeof metricsTable)[N]['type'] extends T ? N : never;
}[MetricName];
export type CounterName = Of<'counter'>;
export type HistogramName = Of<'histogram'>;
export type GaugeName = Of<'gauge'>;
export type Labels<N extends MetricName> = Readonly<Record<(typeof metricsTable)[N]['labels'][number], string>>;
