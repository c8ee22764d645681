// Look-ups that refuse with one code when what a path names does not exist.
import { ConfigError } from '../../rules/model/errors.ts';
import type { Job } from '../../rules/model/job.ts';
import type { DirectoryServicePrincipal } from '../../rules/model/mirror.ts';
import type { UseCaseDeps } from './deps.ts';

/** Graph's code for a resource that does not exist; answered as 404. */
export const RESOURCE_NOT_FOUND = 'Request_ResourceNotFound';

export const notFound = (what: string, id: string, remedy: string): ConfigError =>
  new ConfigError(RESOURCE_NOT_FOUND, `${what} '${id}' does not exist. ${remedy}`, id);

/** The job, when it belongs to the service principal (any, when that is `null`); else ConfigError. */
export async function jobOf(deps: UseCaseDeps, jobId: string, servicePrincipalId: string | null = null): Promise<Job> {
  const job = await deps.jobs.get(jobId);
  if (job !== null && (servicePrincipalId ?? job.servicePrincipalId) === job.servicePrincipalId) return job;
  const where = servicePrincipalId === null ? '' : ` on service principal '${servicePrincipalId}'`;
  throw notFound('Synchronization job', jobId, `There is no such job${where}; list the jobs that exist.`);
}

/** Throws ConfigError when the directory says that the service principal does not exist. */
export async function requireServicePrincipal(deps: UseCaseDeps, id: string): Promise<DirectoryServicePrincipal> {
  const found = await deps.directory.servicePrincipal(id);
  if (found !== null) return found;
  throw notFound(
    'Service principal',
    id,
    'Create the application first, and use the object id of its service principal.',
  );
}
