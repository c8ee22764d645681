// /api/jobs/{id}/configuration and /api/configuration: a job as a document, and a document brought about.
import { z } from 'zod';
import { applyConfiguration } from '../../cycle/use-cases/apply-configuration.ts';
import { exportJob } from '../../cycle/use-cases/configuration.ts';
import type { Configuration } from '../../cycle/use-cases/configuration.ts';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { jobOf } from '../../cycle/use-cases/not-found.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import { SCHEMA_BODY_LIMIT } from '../graph/schema.ts';
import { readInterval } from '../graph/jobs.ts';
import { formatDuration } from '../../rules/model/duration.ts';
import { actorOf } from '../http/authenticate.ts';
import { readBody } from '../http/body.ts';
import { param } from '../http/mount.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { schemaChange, schemaFinding } from './schema-versions.ts';

/** Of the form of documents; it changes when an old one would be read wrongly. */
const FORM = 1;

const attributeForm = z.union(
  [
    z.string(),
    z.null(),
    z.strictObject({ graph: z.record(z.string(), z.json()) }),
    z.strictObject({
      expression: z.string().nullish(),
      default: z.string().nullish(),
      match: z.int().min(0).optional(),
      flow: z.string().optional(),
      always: z.boolean().optional(),
      exportMissingReferences: z.boolean().optional(),
      flowNullValues: z.boolean().optional(),
    }),
  ],
  'it must be an expression, null, or an object of expression, default, match, flow, always, exportMissingReferences, flowNullValues',
);
const clause = z
  .array(z.union([z.string(), z.number(), z.boolean()]))
  .min(2, 'a clause is a list of attribute, operator and values');
const mapping = z.union([
  z.strictObject({ rule: z.string().optional(), graph: z.record(z.string(), z.json()) }),
  z.strictObject({
    rule: z.string().optional(),
    source: z.enum(['User', 'Group']),
    target: z.string().min(1),
    name: z.string().optional(),
    enabled: z.boolean().optional(),
    actions: z.array(z.enum(['Add', 'Update', 'Delete'])),
    filter: z.array(z.strictObject({ name: z.string().nullish(), all: z.array(clause) })).optional(),
    scope: z.record(z.string(), z.json()).optional(),
    metadata: z.array(z.json()).optional(),
    attributes: z.record(z.string(), attributeForm),
  }),
]);
const texts = z.record(z.string(), z.string().nullable());
const configuration = z.strictObject({
  provisor: z.literal(FORM, `it must be ${String(FORM)}, the version of the form`),
  application: z.string().min(1).optional(),
  servicePrincipalId: z.string().min(1).optional(),
  template: z.string().min(1),
  job: z.string().min(1).optional(),
  interval: z.string().optional(),
  settings: texts.optional(),
  scope: z.enum(['all', 'assigned']).optional(),
  skipOutOfScopeDeletions: z.boolean().optional(),
  notification: z.record(z.string(), z.json()).nullish(),
  secrets: texts.optional(),
  mappings: z.array(mapping).optional(),
  schema: z.record(z.string(), z.json()).optional(),
});
const application = z.strictObject({ configuration, dryRun: z.boolean().optional() });
const applied = z.strictObject({
  jobId: z.string().nullable(),
  creates: z.boolean(),
  applied: z.boolean(),
  /** Errors refuse the document: then nothing was changed. */
  findings: z.array(schemaFinding),
  changes: z.array(schemaChange),
});

export const configurationRoutes = (deps: UseCaseDeps): Readonly<Record<string, Resource>> => ({
  '/jobs/:jobId/configuration': { GET: get(deps) },
  '/configuration': { POST: apply(deps) },
});

const get = (deps: UseCaseDeps): Operation => ({
  summary: 'Show a job as a document to keep. Secrets are only named.',
  role: 'reader',
  status: 200,
  answer: configuration,
  handle: async (request) => shapeOf(await exportJob(deps, await jobOf(deps, param(request, 'jobId')))),
});

const shapeOf = ({ intervalSeconds, ...rest }: Configuration): JsonObject =>
  JSON.parse(
    JSON.stringify({
      provisor: FORM,
      application: rest.application,
      servicePrincipalId: rest.servicePrincipalId,
      interval: intervalSeconds === undefined ? undefined : formatDuration(intervalSeconds),
      ...rest,
    }),
  ) as JsonObject;

const apply = (deps: UseCaseDeps): Operation => ({
  summary:
    'Bring a job to what a document says, and create it where it does not exist. With dryRun nothing is changed.',
  role: 'admin',
  status: 200,
  body: application,
  bodyLimit: SCHEMA_BODY_LIMIT,
  answer: applied,
  handle: async (request) => {
    const { configuration: document, dryRun = false } = readBody(application, request);
    const result = await applyConfiguration(deps, readConfiguration(document), { dryRun, actor: actorOf(request) });
    if (!result.ok) return { jobId: null, creates: false, applied: false, findings: result.findings, changes: [] };
    const { jobId, creates, changes, warnings } = result;
    return { jobId, creates, applied: !dryRun && (creates || changes.length > 0), findings: warnings, changes };
  },
});

const readConfiguration = ({ interval, ...rest }: z.output<typeof configuration>): Configuration => ({
  ...(rest as Configuration),
  ...(interval === undefined ? {} : { intervalSeconds: readInterval(interval, 'interval') }),
});
