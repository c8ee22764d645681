// Entra's "Test connection": does an application answer at this tenant URL with these credentials?
import { ConfigError } from '../../rules/model/errors.ts';
import type { SynchronizationSchema } from '../../rules/model/schema.ts';
import type { Dialect } from '../../rules/model/target.ts';
import { dialectFor, dialectOfTemplate } from '../../rules/scim/dialects.ts';
import type { UseCaseDeps } from './deps.ts';
import { discoverTarget } from '../job-dialect.ts';
import { requireTemplate } from './jobs.ts';
import { jobOf, requireServicePrincipal } from './not-found.ts';
import { checkSecret } from './secret-keys.ts';
import { checkSecretSet } from './secret-sets.ts';
import { replacedBy } from './secrets.ts';
import { connectionOf } from '../target-connection.ts';

export interface ValidateCredentials {
  readonly servicePrincipalId: string;
  /** The saved ones are used when none are given. */
  readonly credentials: readonly { readonly key: string; readonly value: string | null }[];
  readonly useSavedCredentials: boolean;
  readonly jobId?: string;
  readonly templateId?: string;
}

/** Throws ConfigError for credentials that cannot be right, SystemError with the reason when the application refuses them. */
export async function validateCredentials(deps: UseCaseDeps, request: ValidateCredentials): Promise<void> {
  const stored = await deps.secrets.get(request.servicePrincipalId);
  if (request.jobId === undefined) await requireServicePrincipal(deps, request.servicePrincipalId);
  const useSaved = request.useSavedCredentials || request.credentials.length === 0;
  const secrets = useSaved ? stored : replacedBy(stored, request.credentials);
  for (const [key, value] of Object.entries(secrets)) checkSecret(key, value, deps.checkTenantUrl);
  checkSecretSet(secrets);
  const connection = connectionOf(secrets);
  if (connection === null) throw missing(useSaved);
  const dialect = await dialectOf(deps, request, connection.baseAddress);
  const target = deps.targets.open(connection, dialect);
  await target.testConnection(matchingPath(await schemaFor(deps, request)));
  if (useSaved && request.jobId !== undefined)
    await discoverTarget(deps, [await jobOf(deps, request.jobId, request.servicePrincipalId)], connection);
}

const missing = (useSaved: boolean): ConfigError =>
  new ConfigError(
    'CredentialsMissing',
    useSaved
      ? 'No tenant URL is saved. Send BaseAddress and SecretToken in "credentials", or save them with PUT …/synchronization/secrets.'
      : 'The credentials have no BaseAddress. Send the tenant URL of the application under the key BaseAddress.',
    'BaseAddress',
  );

async function dialectOf(deps: UseCaseDeps, request: ValidateCredentials, tenantUrl: string): Promise<Dialect> {
  if (request.jobId !== undefined)
    return dialectFor({ ...(await jobOf(deps, request.jobId, request.servicePrincipalId)), tenantUrl });
  const template = request.templateId === undefined ? null : requireTemplate(deps, request.templateId);
  return dialectFor({ dialect: dialectOfTemplate(template?.dialect ?? {}), settings: {}, tenantUrl });
}

async function schemaFor(deps: UseCaseDeps, request: ValidateCredentials): Promise<SynchronizationSchema | null> {
  if (request.jobId !== undefined) {
    const job = await jobOf(deps, request.jobId, request.servicePrincipalId);
    return (await deps.jobs.schema(job.id)).schema;
  }
  return request.templateId === undefined ? null : requireTemplate(deps, request.templateId).schema;
}

/** The attribute that users are looked up by first. */
function matchingPath(schema: SynchronizationSchema | null): string {
  const users = (schema?.synchronizationRules ?? [])
    .flatMap(({ objectMappings }) => objectMappings)
    .filter(({ sourceObjectName }) => sourceObjectName === 'User')
    .flatMap(({ attributeMappings }) => attributeMappings)
    .filter(({ matchingPriority }) => matchingPriority > 0)
    .sort((a, b) => a.matchingPriority - b.matchingPriority);
  return users[0]?.targetAttributeName ?? 'userName';
}
