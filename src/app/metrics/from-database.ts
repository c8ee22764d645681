// Gauges of all jobs, read from the database when they are asked for. Only the API shows them: every process would say the same.
import { X509Certificate } from 'node:crypto';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { objectErrors } from '../../rules/model/errors.ts';
import { cycleCounters, unfinishedStates } from '../../rules/model/job.ts';
import type { ProvisorQueue } from '../../queue/open-queue.ts';
import type { EscrowFigure, Figures, JobFigures } from '../../store/figures.ts';
import type { Metrics } from './registry.ts';
import { metricsTable } from './table.ts';
import type { GaugeName, Metric } from './table.ts';

export interface FigureSources {
  /** Writes announced before `unresolvedBefore` count as unresolved. */
  readonly figures: (unresolvedBefore: Date) => Promise<Figures>;
  readonly depths: ProvisorQueue['depths'];
  readonly secrets: Pick<UseCaseDeps['secrets'], 'get'>;
  readonly now: () => Date;
}

const UNRESOLVED_AFTER_MS = 600_000;

const ofDatabase = Object.entries<Metric>(metricsTable).flatMap(([name, metric]) =>
  metric.type === 'gauge' && metric.of === 'database' ? [name as GaugeName] : [],
);

export async function describeDatabase(metrics: Metrics, sources: FigureSources): Promise<void> {
  const now = sources.now();
  const [{ jobs, escrows }, depths] = await Promise.all([
    sources.figures(new Date(now.getTime() - UNRESOLVED_AFTER_MS)),
    sources.depths(),
  ]);
  const expiries = await Promise.all(jobs.map(async (job) => [job.jobId, await expiryOf(sources, job)] as const));
  // In one go, so that two who ask at once do not mix.
  metrics.clear(ofDatabase);
  showTotals(metrics, jobs);
  for (const job of jobs) showJob(metrics, job, now);
  showEscrows(metrics, escrows);
  for (const [job, at] of expiries)
    if (at !== null) metrics.set('provisor_credential_expiry_seconds', { job }, secondsBetween(now, at));
  for (const { queue, state, count } of depths) metrics.set('provisor_queue_jobs', { queue, state }, count);
}

function showTotals(metrics: Metrics, jobs: readonly JobFigures[]): void {
  const statuses = jobs.map(statusOf);
  for (const status of new Set(statuses))
    metrics.set('provisor_jobs', { status }, statuses.filter((each) => each === status).length);
  for (const state of unfinishedStates)
    metrics.set('provisor_cycles_unfinished', { state }, jobs.filter(({ running }) => running?.state === state).length);
}

function statusOf({ scheduleState, quarantineReason, lastCounts }: JobFigures): string {
  if (scheduleState !== 'Active') return 'Paused';
  if (quarantineReason !== null) return 'Quarantine';
  return lastCounts === null ? 'NotRun' : 'Active';
}

function showJob(metrics: Metrics, figures: JobFigures, now: Date): void {
  const { jobId: job, application, templateId: template, quarantineReason: reason, lastCounts } = figures;
  metrics.set('provisor_job_info', { job, application: application ?? '', template }, 1);
  metrics.set('provisor_cycle_interval_seconds', { job }, figures.intervalSeconds);
  metrics.set('provisor_staged_destructive_ops', { job }, figures.held);
  metrics.set('provisor_intents_unresolved', { job }, figures.intents);
  metrics.set('provisor_objects_inflight', { job }, figures.running?.left ?? 0);
  for (const [type, linked] of Object.entries(figures.links))
    metrics.set('provisor_linked_objects', { job, type }, linked);
  if (reason !== null) metrics.set('provisor_job_quarantined', { job, reason }, 1);
  if (lastCounts !== null)
    for (const counter of cycleCounters)
      metrics.set('provisor_last_cycle_objects', { job, counter }, lastCounts[counter]);
  // A job that somebody paused is not late.
  if (figures.scheduleState !== 'Active') return;
  const pending = figures.oldestPending;
  metrics.set('provisor_source_lag_seconds', { job }, pending === null ? 0 : secondsBetween(pending, now));
  metrics.set('provisor_watermark_age_seconds', { job }, secondsBetween(figures.evaluatedAt ?? figures.createdAt, now));
}

function showEscrows(metrics: Metrics, escrows: readonly EscrowFigure[]): void {
  for (const { jobId: job, code: cause, count } of escrows) {
    const known = cause in objectErrors ? objectErrors[cause as keyof typeof objectErrors].retry : 'schedule';
    metrics.set('provisor_escrow_entries', { job, cause, class: known }, count);
  }
}

const secondsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000;

/** The sooner of what client certificate and token say of themselves; `null` when neither says anything. */
async function expiryOf({ secrets }: FigureSources, { servicePrincipalId }: JobFigures): Promise<Date | null> {
  const stored = await secrets.get(servicePrincipalId);
  const ends = [certificateEnd(stored['TlsClientCertificate']), tokenEnd(stored['SecretToken'])];
  const [first = null] = ends.flatMap((end) => end ?? []).sort((a, b) => a.getTime() - b.getTime());
  return first;
}

const certificateEnd = (pem: string | undefined): Date | null =>
  pem === undefined ? null : new Date(new X509Certificate(pem).validTo);

/** Of a JSON Web Token; other tokens say nothing of themselves. */
function tokenEnd(token: string | undefined): Date | null {
  const [, claims] = /^[\w-]+\.([\w-]+)\.[\w-]*$/.exec(token ?? '') ?? [];
  if (claims === undefined) return null;
  try {
    const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { readonly exp?: unknown };
    return typeof exp === 'number' && Number.isFinite(exp) ? new Date(exp * 1000) : null;
  } catch {
    return null;
  }
}
