// Creating, finding, changing and deleting jobs.
import { ConfigError } from '../../rules/model/errors.ts';
import type { Job } from '../../rules/model/job.ts';
import { DIALECT_SETTING, dialectOfTemplate, unlearned } from '../../rules/scim/dialects.ts';
import { audit } from './audit.ts';
import type { UseCaseDeps } from './deps.ts';
import { evaluateAgain } from './evaluate-again.ts';
import { changesScope, checkJobSettings, mergeSettings } from './job-settings.ts';
import { requireServicePrincipal } from './not-found.ts';
import { stopUnfinished } from './stop-cycle.ts';
import type { JobTemplate } from './template.ts';

/** Settings that a new job shows. */
export const initialSettings = { AzureIngestionAttributeOptimization: 'False' };

export interface CreateJob {
  readonly servicePrincipalId: string;
  readonly templateId: string;
  readonly actor: string;
}
/** Answers the new job, Disabled. Throws ConfigError for an unknown template or service principal. */
export async function createJob(deps: UseCaseDeps, request: CreateJob): Promise<Job> {
  const template = requireTemplate(deps, request.templateId);
  await requireServicePrincipal(deps, request.servicePrincipalId);
  const id = `${template.id}.${compactTenant(deps.tenantId)}.${deps.newId()}`;
  const job = await deps.jobs.create({
    id,
    tenantId: deps.tenantId,
    servicePrincipalId: request.servicePrincipalId,
    templateId: template.id,
    intervalSeconds: deps.defaultIntervalSeconds,
    settings: { ...initialSettings, ...template.settings },
    dialect: dialectOfTemplate(template.dialect),
    schema: { ...template.schema, id },
  });
  await audit(deps, {
    actor: request.actor,
    activity: 'Add provisioning configuration',
    jobId: id,
    servicePrincipalId: request.servicePrincipalId,
    after: { templateId: template.id },
  });
  return job;
}

/** A job id carries the tenant as 32 hex digits, so that its parts can be told apart by their dots. */
const compactTenant = (tenantId: string): string => tenantId.replace(/[^0-9a-z]/gi, '').toLowerCase();

export function requireTemplate(deps: UseCaseDeps, templateId: string): JobTemplate {
  const template = deps.templates.find(templateId);
  if (template !== null) return template;
  const known = deps.templates.list().map(({ id }) => `'${id}'`);
  throw new ConfigError(
    'TemplateNotFound',
    `Template '${templateId}' does not exist. Use one of: ${known.join(', ')}.`,
    'templateId',
  );
}

export const listJobs = (deps: UseCaseDeps, servicePrincipalId?: string): Promise<readonly Job[]> =>
  deps.jobs.list(servicePrincipalId === undefined ? {} : { servicePrincipalId });

export interface ChangeJob {
  readonly actor: string;
  /** Merged by name; `null` removes a setting. */
  readonly settings?: Readonly<Record<string, string | null>>;
  readonly intervalSeconds?: number;
}
/**
 * Throws ConfigError that names the setting. A changed interval counts from the start of the last cycle. A setting that
 * changes who is in scope has the next cycle look at everybody.
 */
export async function patchJob(deps: UseCaseDeps, job: Job, change: ChangeJob): Promise<Job> {
  const settings = mergeSettings(job.settings, change.settings ?? {});
  checkJobSettings(settings);
  const intervalSeconds = change.intervalSeconds ?? job.intervalSeconds;
  const reset = settings[DIALECT_SETTING] === job.settings[DIALECT_SETTING] ? {} : { dialect: unlearned(job.dialect) };
  const updated = await deps.jobs.update(job.id, { settings, intervalSeconds, ...reset });
  const changed = changesScope(job.settings, settings) ? await evaluateAgain(deps, job) : updated;
  if (intervalSeconds !== job.intervalSeconds && job.scheduleState === 'Active')
    await deps.queue.schedule(job.id, intervalSeconds, await nextStart(deps, job, intervalSeconds));
  await audit(deps, {
    actor: change.actor,
    activity: 'Update provisioning setting or credentials',
    jobId: job.id,
    servicePrincipalId: job.servicePrincipalId,
    before: { settings: job.settings, intervalSeconds: job.intervalSeconds },
    after: { settings, intervalSeconds },
  });
  return changed;
}

async function nextStart(deps: UseCaseDeps, job: Job, intervalSeconds: number): Promise<Date> {
  const now = deps.clock.now();
  const [last] = await deps.cycles.list(job.id, 1);
  const due = (last?.queuedAt.getTime() ?? 0) + intervalSeconds * 1000;
  return new Date(Math.max(now.getTime(), due));
}

/** Forgets the job and all of its state. No account in the application is touched (invariant 9). */
export async function deleteJob(deps: UseCaseDeps, job: Job, actor: string): Promise<void> {
  await deps.queue.unschedule(job.id);
  await stopUnfinished(deps, job.id);
  await deps.jobs.delete(job.id);
  await audit(deps, {
    actor,
    activity: 'Delete provisioning configuration',
    jobId: job.id,
    servicePrincipalId: job.servicePrincipalId,
    before: { templateId: job.templateId },
  });
}
