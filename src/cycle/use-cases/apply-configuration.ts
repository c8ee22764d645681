// Brings a job to what a document says. Everything is checked before anything is changed; applied again, it changes nothing.
import { toSchema } from '../../rules/configuration/schema-form.ts';
import { ConfigError } from '../../rules/model/errors.ts';
import type { Job } from '../../rules/model/job.ts';
import type { Json } from '../../rules/model/json.ts';
import type { SchemaFinding, SynchronizationSchema } from '../../rules/model/schema.ts';
import { schemaChanges } from '../../rules/schema/diff-schema.ts';
import type { SchemaChange } from '../../rules/schema/diff-schema.ts';
import { readSchema } from '../../rules/schema/read-schema.ts';
import type { ReadSchema } from '../../rules/schema/read-schema.ts';
import { writeSchema } from '../../rules/schema/write-schema.ts';
import { isTrue, secretsWith } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import type { UseCaseDeps } from './deps.ts';
import { checkJobSettings, mergeSettings } from './job-settings.ts';
import { createJob, initialSettings, patchJob, requireTemplate } from './jobs.ts';
import { notFound, requireServicePrincipal } from './not-found.ts';
import { putSchema } from './schema.ts';
import { MASK, canonicalKey, checkSecret, isVisible } from './secret-keys.ts';
import { checkSecretSet } from './secret-sets.ts';
import { putSecrets } from './secrets.ts';
import type { JobTemplate } from './template.ts';

export type Applied =
  | {
      readonly ok: true;
      /** `null` while it is only tried and the job does not exist. */
      readonly jobId: string | null;
      readonly creates: boolean;
      readonly changes: readonly SchemaChange[];
      readonly warnings: readonly SchemaFinding[];
    }
  | { readonly ok: false; readonly findings: readonly SchemaFinding[] };

/** Throws ConfigError that names the member of the document; then nothing was changed. With `dryRun` nothing ever is. */
export async function applyConfiguration(
  deps: UseCaseDeps,
  given: Configuration,
  { dryRun, actor }: { readonly dryRun: boolean; readonly actor: string },
): Promise<Applied> {
  const place = await placeOf(deps, withCanonicalKeys(given));
  const wanted = await wantedOf(deps, place);
  if (wanted.schema?.ok === false) return { ok: false, findings: wanted.schema.findings };
  const changes = changesOf(place, wanted);
  const warnings = wanted.schema?.warnings ?? [];
  const creates = place.job === null;
  if (dryRun || (!creates && changes.length === 0))
    return { ok: true, jobId: place.job?.id ?? null, creates, changes, warnings };
  const job = await carryOut(deps, place, wanted, actor);
  return { ok: true, jobId: job.id, creates, changes, warnings };
}

/** What there is now; for a job that is still to be made, what it would begin with. */
interface Place {
  readonly given: Configuration;
  readonly servicePrincipalId: string;
  readonly template: JobTemplate;
  readonly job: Job | null;
  readonly secrets: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
  readonly intervalSeconds: number;
  readonly schema: SynchronizationSchema;
}

async function placeOf(deps: UseCaseDeps, given: Configuration): Promise<Place> {
  const template = requireTemplate(deps, given.template);
  const servicePrincipalId = await ownerOf(deps, given);
  const job = await jobIn(deps, given, servicePrincipalId);
  return {
    given,
    servicePrincipalId,
    template,
    job,
    secrets: await deps.secrets.get(servicePrincipalId),
    settings: job?.settings ?? { ...initialSettings, ...template.settings },
    intervalSeconds: job?.intervalSeconds ?? deps.defaultIntervalSeconds,
    schema: job === null ? template.schema : (await deps.jobs.schema(job.id)).schema,
  };
}

/** The id decides; a name must be that of one application. */
async function ownerOf(deps: UseCaseDeps, { servicePrincipalId, application }: Configuration): Promise<string> {
  const id = servicePrincipalId ?? (application !== undefined && isGuid(application) ? application : undefined);
  if (id !== undefined) return (await requireServicePrincipal(deps, id)).id;
  if (application === undefined)
    throw wrong('Name the application, or give the id of its service principal.', 'application');
  const found = await deps.servicePrincipalsNamed(application);
  const [first, ...others] = found;
  if (first === undefined)
    throw notFound(
      'Application',
      application,
      'Create it first, or correct its name; servicePrincipalId names it too.',
    );
  if (others.length === 0) return first.id;
  throw wrong(
    `${String(found.length)} applications are called '${application}'. Give the servicePrincipalId: ${found.map((one) => one.id).join(' or ')}.`,
    'application',
  );
}
const isGuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

async function jobIn(deps: UseCaseDeps, given: Configuration, servicePrincipalId: string): Promise<Job | null> {
  const own = (await deps.jobs.list({ servicePrincipalId })).filter(({ templateId }) => templateId === given.template);
  const ids = own.map(({ id }) => id).join(' or ');
  if (given.job !== undefined) {
    const named = own.find(({ id }) => id === given.job);
    if (named !== undefined) return named;
    throw wrong(
      `The application has no job '${given.job}' of this template. ${own.length === 0 ? 'Leave it out to create one.' : `It has ${ids}.`}`,
      'job',
    );
  }
  if (own.length > 1) throw wrong(`The application has several jobs of this template. Name one: ${ids}.`, 'job');
  return own[0] ?? null;
}

interface Wanted {
  readonly secrets: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
  readonly intervalSeconds: number;
  /** `null`: the document says nothing of it. */
  readonly schema: ReadSchema | null;
}

async function wantedOf(deps: UseCaseDeps, place: Place): Promise<Wanted> {
  const { given, template, job } = place;
  const secrets = secretsWith(place.secrets, given);
  for (const [key, value] of Object.entries(secrets)) checkSecret(key, value, deps.checkTenantUrl);
  checkSecretSet(secrets);
  const settings = mergeSettings(place.settings, given.settings ?? {});
  checkJobSettings(settings);
  const { mappings, schema } = given;
  if (mappings === undefined && schema !== undefined)
    throw wrong('A schema needs its mappings. Export the job to see the form.', 'schema');
  const document =
    mappings === undefined
      ? null
      : toSchema({ mappings, ...(schema === undefined ? {} : { schema }) }, writeSchema(template.schema));
  const version = job === null ? 1 : (await deps.jobs.schema(job.id)).version + 1;
  return {
    secrets,
    settings,
    intervalSeconds: given.intervalSeconds ?? place.intervalSeconds,
    schema:
      document === null
        ? null
        : readSchema(document, {
            id: job?.id ?? '',
            version: `${String(version)}.0`,
            current: place.schema,
            syncAll: isTrue(secrets['SyncAll']),
          }),
  };
}

function changesOf(place: Place, wanted: Wanted): readonly SchemaChange[] {
  return [
    ...differences('interval', { seconds: place.intervalSeconds }, { seconds: wanted.intervalSeconds }),
    ...differences('settings', place.settings, wanted.settings),
    ...differences('secrets', place.secrets, wanted.secrets, (key, value) => (isVisible(key) ? value : MASK)),
    ...(wanted.schema?.ok === true ? schemaChanges(place.schema, wanted.schema.schema) : []),
  ];
}

type Values = Readonly<Record<string, string | number>>;

/** `shown` hides what nobody may see; whether it differs is told all the same. */
function differences(
  what: string,
  before: Values,
  after: Values,
  shown: (key: string, value: Json) => Json = (_key, value) => value,
): readonly SchemaChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => {
      const [old, young] = [before[name], after[name]];
      return {
        kind: old === undefined ? 'added' : young === undefined ? 'removed' : 'changed',
        where: `${what} › ${name}`,
        before: old === undefined ? null : shown(name, old),
        after: young === undefined ? null : shown(name, young),
      };
    });
}

/** Credentials first: they are the likelier to be refused by what is beyond us, and a job without them does nothing. */
async function carryOut(deps: UseCaseDeps, place: Place, wanted: Wanted, actor: string): Promise<Job> {
  const { servicePrincipalId, template } = place;
  if (differences('', place.secrets, wanted.secrets).length > 0)
    await putSecrets(
      deps,
      servicePrincipalId,
      Object.entries(wanted.secrets).map(([key, value]) => ({ key, value })),
      actor,
    );
  const job = place.job ?? (await createJob(deps, { servicePrincipalId, templateId: template.id, actor }));
  const settings = nulled(job.settings, wanted.settings);
  const sameInterval = wanted.intervalSeconds === job.intervalSeconds;
  if (Object.keys(settings).length > 0 || !sameInterval)
    await patchJob(deps, job, { actor, settings, intervalSeconds: wanted.intervalSeconds });
  if (wanted.schema?.ok === true && schemaChanges(place.schema, wanted.schema.schema).length > 0)
    await saveSchema(deps, job, wanted.schema.schema, actor);
  return job;
}

async function saveSchema(deps: UseCaseDeps, job: Job, schema: SynchronizationSchema, actor: string): Promise<void> {
  const result = await putSchema(deps, job, writeSchema(schema), actor);
  if (!result.ok)
    throw new Error(`a schema that was read is refused when it is saved: ${result.findings[0]?.message ?? ''}`);
}

/** What brings one set to the other, as `patchJob` takes it. */
function nulled(before: Values, after: Readonly<Record<string, string>>): Readonly<Record<string, string | null>> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return Object.fromEntries(
    names.filter((name) => before[name] !== after[name]).map((name) => [name, after[name] ?? null]),
  );
}

const withCanonicalKeys = (given: Configuration): Configuration =>
  given.secrets === undefined
    ? given
    : {
        ...given,
        secrets: Object.fromEntries(Object.entries(given.secrets).map(([key, value]) => [canonicalKey(key), value])),
      };

const wrong = (message: string, target: string): ConfigError => new ConfigError('Request_BadRequest', message, target);
