// …/jobs/{id}/provisionOnDemand: one subject now, and what became of it, step by step.
import { z } from 'zod';
import { provisionOnDemand } from '../../cycle/use-cases/provision-on-demand.ts';
import type { OnDemand } from '../../cycle/use-cases/provision-on-demand.ts';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { ConfigError } from '../../rules/model/errors.ts';
import type { Job } from '../../rules/model/job.ts';
import { actorOf } from '../http/authenticate.ts';
import { readBody } from '../http/body.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { entity, entityOf } from './collection.ts';
import { jobOfPath } from './jobs.ts';
import { stringKeyStringValuePair } from './resources/expression.ts';
import { onDemandShape } from './shapes/on-demand.ts';

const objectId = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'it must be the id of an object, a GUID');
const member = z.object({ objectId, objectTypeName: z.string() });
const subject = z.object({
  objectId,
  objectTypeName: z.string(),
  links: z.object({ members: z.array(member).nullish() }).nullish(),
});
const onDemand = z.object({
  parameters: z
    .array(z.object({ ruleId: z.string().min(1), subjects: z.array(subject).length(1, 'give one subject at a time') }))
    .length(1, 'give one rule at a time'),
  dryRun: z.boolean().optional(),
});
type Body = z.output<typeof onDemand>;

export const onDemandRoutes = (deps: UseCaseDeps, root: string): Readonly<Record<string, Resource>> => ({
  [`${root}/jobs/:jobId/provisionOnDemand`]: { POST: provision(deps) },
});

const provision = (deps: UseCaseDeps): Operation => ({
  summary: 'Provision one user, or one group with chosen members, now. With dryRun nothing is written.',
  role: 'operator',
  status: 200,
  body: onDemand,
  answer: entityOf(stringKeyStringValuePair),
  handle: async (request) => {
    const job = await jobOfPath(deps, request);
    const asked = await requestFrom(deps, job, readBody(onDemand, request), actorOf(request));
    return entity(
      request,
      'microsoft.graph.stringKeyStringValuePair',
      stringKeyStringValuePair,
      onDemandShape(await provisionOnDemand(deps, job, asked)),
    );
  },
});

async function requestFrom(deps: UseCaseDeps, job: Job, body: Body, actor: string): Promise<OnDemand> {
  const [parameter] = body.parameters;
  const [asked] = parameter?.subjects ?? [];
  if (parameter === undefined || asked === undefined) throw new Error('the schema of the body lets no empty list pass');
  await requireRule(deps, job, parameter.ruleId);
  const members = asked.links?.members ?? [];
  const type = typeOf(asked.objectTypeName, 'subjects/0/objectTypeName');
  if (type === 'User' && members.length > 0)
    throw wrong('Only a group has members. Leave links out for a user.', 'parameters/0/subjects/0/links');
  for (const { objectTypeName } of members)
    if (typeOf(objectTypeName, 'subjects/0/links/members') !== 'User')
      throw wrong('Members that are provisioned on demand are users.', 'parameters/0/subjects/0/links/members');
  return {
    subject: { type, id: asked.objectId.toLowerCase() },
    members: [...new Set(members.map((each) => each.objectId.toLowerCase()))],
    dryRun: body.dryRun ?? false,
    actor,
  };
}

/** Samples of Graph carry a `#V2` behind the id. */
async function requireRule(deps: UseCaseDeps, { id }: Job, ruleId: string): Promise<void> {
  const { schema } = await deps.jobs.schema(id);
  const known = schema.synchronizationRules.map((rule) => rule.id);
  if (known.includes(ruleId.replace(/#.*$/, ''))) return;
  throw wrong(`This job has no rule '${ruleId}'. Use the id ${known.join(' or ')}.`, 'parameters/0/ruleId');
}

function typeOf(name: string, target: string): 'User' | 'Group' {
  const type = name.toLowerCase();
  if (type === 'user') return 'User';
  if (type === 'group') return 'Group';
  throw wrong(`'${name}' is no type of object here. Use User or Group.`, `parameters/0/${target}`);
}

const wrong = (message: string, target: string): ConfigError => new ConfigError('Request_BadRequest', message, target);
