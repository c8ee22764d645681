// A job as a document that can be kept beside other code: written from what is stored, and brought about again.
import { schemaForm } from '../../rules/configuration/schema-form.ts';
import type { SchemaForm } from '../../rules/configuration/schema-form.ts';
import type { Json, JsonObject } from '../../rules/model/json.ts';
import type { Job } from '../../rules/model/job.ts';
import { writeSchema } from '../../rules/schema/write-schema.ts';
import type { UseCaseDeps } from './deps.ts';
import { requireTemplate } from './jobs.ts';
import { isVisible } from './secret-keys.ts';

/** What a document does not name stays as it is; `null` removes a setting or a secret. */
export interface Configuration extends Partial<SchemaForm> {
  /** Of the service principal: its name, or its id. */
  readonly application?: string | undefined;
  readonly servicePrincipalId?: string | undefined;
  readonly template: string;
  /** Only where the application has several jobs of the template. */
  readonly job?: string | undefined;
  readonly intervalSeconds?: number | undefined;
  readonly settings?: Readonly<Record<string, string | null>> | undefined;
  readonly scope?: 'all' | 'assigned' | undefined;
  readonly skipOutOfScopeDeletions?: boolean | undefined;
  readonly notification?: JsonObject | null | undefined;
  readonly secrets?: Readonly<Record<string, string | null>> | undefined;
}

type Secrets = Readonly<Record<string, string>>;

/** These stand in members of their own. */
export const ownMembers = ['SyncAll', 'SkipOutOfScopeDeletions', 'SyncNotificationSettings'] as const;

export async function exportJob(deps: UseCaseDeps, job: Job): Promise<Configuration> {
  const [{ schema }, secrets, known, siblings] = await Promise.all([
    deps.jobs.schema(job.id),
    deps.secrets.get(job.servicePrincipalId),
    deps.provisioning.servicePrincipal(job.tenantId, job.servicePrincipalId),
    deps.jobs.list({ servicePrincipalId: job.servicePrincipalId }),
  ]);
  const application =
    known?.displayName ?? (await deps.directory.servicePrincipal(job.servicePrincipalId))?.displayName;
  const notification = notificationOf(secrets['SyncNotificationSettings']);
  return {
    ...(application === undefined ? {} : { application }),
    servicePrincipalId: job.servicePrincipalId,
    template: job.templateId,
    ...(siblings.filter(({ templateId }) => templateId === job.templateId).length > 1 ? { job: job.id } : {}),
    intervalSeconds: job.intervalSeconds,
    settings: job.settings,
    scope: isTrue(secrets['SyncAll']) ? 'all' : 'assigned',
    skipOutOfScopeDeletions: isTrue(secrets['SkipOutOfScopeDeletions']),
    ...(notification === null ? {} : { notification }),
    secrets: namedSecrets(secrets, application ?? job.templateId),
    ...schemaForm(writeSchema(schema), writeSchema(requireTemplate(deps, job.templateId).schema)),
  };
}

/** A secret is only named: as the variable of the environment that holds it where the document is applied. */
const namedSecrets = (secrets: Secrets, application: string): Secrets =>
  Object.fromEntries(
    Object.entries(secrets)
      .filter(([key]) => !ownMembers.some((own) => own === key))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, isVisible(key) ? value : `\${${variableName(`${application} ${key}`)}}`]),
  );

/** `Contoso Intranet SecretToken` → `CONTOSO_INTRANET_SECRET_TOKEN`. */
const variableName = (text: string): string =>
  text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .replace(/^(?=\d)/, '_')
    .toUpperCase();

function notificationOf(text: string | undefined): JsonObject | null {
  if (text === undefined) return null;
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return null;
  }
}

export const isTrue = (value: string | undefined): boolean => value?.toLowerCase() === 'true';

/** The secrets that a document asks for, laid over those that are stored. */
export function secretsWith(stored: Secrets, wanted: Configuration): Secrets {
  const { scope, skipOutOfScopeDeletions: skip, notification, secrets = {} } = wanted;
  const given: Record<string, string | null> = {
    ...secrets,
    ...(scope === undefined || (scope === 'all') === isTrue(stored['SyncAll'])
      ? {}
      : { SyncAll: String(scope === 'all') }),
    ...(skip === undefined || skip === isTrue(stored['SkipOutOfScopeDeletions'])
      ? {}
      : { SkipOutOfScopeDeletions: String(skip) }),
    ...(notification === undefined ? {} : { SyncNotificationSettings: notificationText(stored, notification) }),
  };
  const all = Object.entries({ ...stored, ...given });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => (entry[1] ?? '') !== ''));
}

/** A text that says the same stays as it is stored. */
function notificationText({ SyncNotificationSettings: before }: Secrets, wanted: JsonObject | null): string | null {
  if (wanted === null) return null;
  const same = JSON.stringify(notificationOf(before)) === JSON.stringify(wanted);
  return before !== undefined && same ? before : JSON.stringify(wanted satisfies Json);
}
