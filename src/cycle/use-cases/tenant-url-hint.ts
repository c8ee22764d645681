// Does a tenant URL look like those of the application that the jobs were made for? Said to whoever saves it, never refused.
import type { UseCaseDeps } from './deps.ts';

/** Why it may be wrong, as one sentence; `null` when it fits, or nothing is known of how it should look. */
export async function tenantUrlHint(
  deps: UseCaseDeps,
  servicePrincipalId: string,
  url: string,
): Promise<string | null> {
  const jobs = await deps.jobs.list({ servicePrincipalId });
  const hints = jobs.map(({ templateId }) => deps.templates.find(templateId)?.tenantUrlHint(url) ?? null);
  return hints.find((hint) => hint !== null) ?? null;
}
