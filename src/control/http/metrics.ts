// /metrics in Prometheus' form: requests, and the state of jobs as it is when it is asked for. No secret, no object's name.
import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { jobStatus } from '../../cycle/use-cases/job-status.ts';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { cycleCounters, unfinishedStates } from '../../rules/model/job.ts';

export function installMetrics(app: FastifyInstance, deps: UseCaseDeps): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'provisor_' });
  countRequests(app, registry);
  const describe = describeJobs(registry, deps);
  app.get('/metrics', async (_request, reply) => {
    await describe();
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

function countRequests(app: FastifyInstance, registry: Registry): void {
  const labelNames = ['method', 'route', 'status'] as const;
  const registers = [registry];
  const requests = new Counter({
    name: 'provisor_http_requests_total',
    help: 'Requests answered.',
    labelNames,
    registers,
  });
  const seconds = new Histogram({
    name: 'provisor_http_request_duration_seconds',
    help: 'Time from request to answer.',
    labelNames: ['method', 'route'] as const,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.5, 1, 5, 30],
    registers,
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    requests.inc({ method: request.method, route, status: String(reply.statusCode) });
    seconds.observe({ method: request.method, route }, reply.elapsedTime / 1000);
    done();
  });
}

/** Answers what brings the gauges up to date; they are set in one go, so that two scrapes do not mix. */
function describeJobs(registry: Registry, deps: UseCaseDeps): () => Promise<void> {
  const registers = [registry];
  const jobs = new Gauge({
    name: 'provisor_jobs',
    help: 'Jobs by status.',
    labelNames: ['status'] as const,
    registers,
  });
  const running = new Gauge({
    name: 'provisor_cycles_unfinished',
    help: 'Cycles that wait or run.',
    labelNames: ['state'] as const,
    registers,
  });
  const escrows = new Gauge({
    name: 'provisor_escrows',
    help: 'Objects in error, by job.',
    labelNames: ['job'] as const,
    registers,
  });
  const last = new Gauge({
    name: 'provisor_last_cycle_objects',
    help: 'Counters of the last ended cycle, by job.',
    labelNames: ['job', 'counter'] as const,
    registers,
  });
  return async () => {
    const statuses = await Promise.all((await deps.jobs.list()).map((job) => jobStatus(deps, job)));
    for (const gauge of [jobs, running, escrows, last]) gauge.reset();
    for (const state of unfinishedStates) running.set({ state }, 0);
    for (const { job, code, current, lastExecution, escrows: inError } of statuses) {
      jobs.inc({ status: code });
      escrows.set({ job: job.id }, inError);
      if (current !== null) running.inc({ state: current.state });
      if (lastExecution === null) continue;
      for (const counter of cycleCounters) last.set({ job: job.id, counter }, lastExecution.counts[counter]);
    }
  };
}
