// …/synchronization/secrets, and the connection test.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { deleteJob } from '../../cycle/use-cases/jobs.ts';
import { putSecrets, readSecrets } from '../../cycle/use-cases/secrets.ts';
import { tenantUrlHint } from '../../cycle/use-cases/tenant-url-hint.ts';
import { validateCredentials } from '../../cycle/use-cases/validate-credentials.ts';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { actorOf } from '../http/authenticate.ts';
import { readBody } from '../http/body.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { Problem } from '../http/problem.ts';
import { collection, collectionOf, entity, entityOf, plainCount, plainText } from './collection.ts';
import { entityQuery, listQuery } from './query-options.ts';
import { jobOfPath } from './jobs.ts';
import { existingServicePrincipal, servicePrincipalId, synchronizationFragment } from './paths.ts';
import { synchronization, synchronizationSecret } from './resources/template.ts';

const keyValue = z.object({ key: z.string().min(1), value: z.string().nullable() });
const secretsBody = z.object({ value: z.array(keyValue) });
const credentialsBody = z.object({
  credentials: z.array(keyValue).nullish(),
  useSavedCredentials: z.boolean().nullish(),
  templateId: z.string().nullish(),
  applicationIdentifier: z.string().nullish(),
});

export function secretRoutes(deps: UseCaseDeps, root: string): Readonly<Record<string, Resource>> {
  return {
    [root]: { GET: container(deps), PUT: replaceContainer(deps), DELETE: removeContainer(deps) },
    [`${root}/secrets`]: { GET: list(deps), PUT: replace(deps) },
    [`${root}/secrets/$count`]: { GET: count(deps) },
    [`${root}/jobs/validateCredentials`]: { POST: validate(deps, () => Promise.resolve(undefined)) },
    [`${root}/jobs/:jobId/validateCredentials`]: {
      POST: validate(deps, async (request) => (await jobOfPath(deps, request)).id),
    },
  };
}

const container = (deps: UseCaseDeps): Operation => ({
  summary: 'Show what provisioning of an application keeps.',
  role: 'reader',
  status: 200,
  answer: entityOf(synchronization),
  query: entityQuery,
  handle: async (request) => {
    const owner = await servicePrincipalId(deps, request);
    const secrets = await readSecrets(deps, owner);
    return entity(request, `servicePrincipals('${owner}')/synchronization/$entity`, synchronization, {
      id: owner,
      secrets: secrets.map((s) => ({ ...s })),
    });
  },
});

const containerBody = z.object({ secrets: z.array(keyValue).nullish() });
const replaceContainer = (deps: UseCaseDeps): Operation => ({
  summary: 'Replace the credentials of an application, when secrets are sent; jobs and templates stay.',
  role: 'admin',
  status: 204,
  body: containerBody,
  handle: async (request) => {
    const { secrets } = readBody(containerBody, request);
    const { id } = await existingServicePrincipal(deps, request);
    if (secrets !== null && secrets !== undefined) await putSecrets(deps, id, secrets, actorOf(request));
  },
});

const removeContainer = (deps: UseCaseDeps): Operation => ({
  summary: 'Delete all jobs of an application with their state, and its credentials. Its accounts stay as they are.',
  role: 'admin',
  status: 204,
  handle: async (request) => {
    const { id } = await existingServicePrincipal(deps, request);
    for (const job of await deps.jobs.list({ servicePrincipalId: id })) await deleteJob(deps, job, actorOf(request));
    await putSecrets(deps, id, [], actorOf(request));
  },
});

const list = (deps: UseCaseDeps): Operation => ({
  summary: 'List the credentials of an application; secret values are shown as *.',
  role: 'reader',
  status: 200,
  answer: collectionOf(synchronizationSecret),
  query: listQuery,
  handle: async (request) => {
    const owner = await servicePrincipalId(deps, request);
    const secrets = await readSecrets(deps, owner);
    return collection(
      request,
      synchronizationFragment(owner, 'secrets'),
      synchronizationSecret,
      secrets.map((s) => ({ ...s })),
    );
  },
});

const count = (deps: UseCaseDeps): Operation => ({
  summary: 'Count the credentials of an application.',
  role: 'reader',
  status: 200,
  answer: plainText,
  handle: async (request, reply) =>
    plainCount(reply, (await readSecrets(deps, await servicePrincipalId(deps, request))).length),
});

const replace = (deps: UseCaseDeps): Operation => ({
  summary: 'Replace the credentials of an application: an empty value drops a key, * keeps what is stored.',
  role: 'admin',
  status: 204,
  body: secretsBody,
  handle: async (request, reply) => {
    const { value } = readBody(secretsBody, request);
    const owner = await servicePrincipalId(deps, request);
    await putSecrets(deps, owner, value, actorOf(request));
    await hintAt(deps, reply, owner, value);
  },
});

/** A tenant URL that looks unlike those of the application is named in a Warning header, and taken all the same. */
async function hintAt(
  deps: UseCaseDeps,
  reply: FastifyReply,
  owner: string,
  entries: z.output<typeof secretsBody>['value'],
): Promise<void> {
  const url = entries.find(({ key }) => key.toLowerCase() === 'baseaddress')?.value ?? '';
  const hint = url === '' ? null : await tenantUrlHint(deps, owner, url);
  if (hint !== null) reply.header('warning', `299 provisor "${hint}"`);
}

/** Whoever may choose the address could have a stored secret sent there: `*` stands for it. */
function requireAdmin({ principal }: FastifyRequest): void {
  if (principal?.role === 'admin') return;
  throw new Problem({
    status: 403,
    code: 'Authorization_RequestDenied',
    message: 'Given credentials are tested by an admin only. Leave them out to test those that are saved.',
    target: 'credentials',
  });
}

const validate = (deps: UseCaseDeps, jobIdOf: (request: FastifyRequest) => Promise<string | undefined>): Operation => ({
  summary: 'Test the connection to the application with saved or given credentials.',
  role: 'operator',
  status: 204,
  body: credentialsBody,
  handle: async (request, reply) => {
    const { credentials, useSavedCredentials, templateId } = readBody(credentialsBody, request);
    if ((credentials ?? []).length > 0) requireAdmin(request);
    const jobId = await jobIdOf(request);
    const owner = await servicePrincipalId(deps, request);
    await hintAt(deps, reply, owner, credentials ?? []);
    await validateCredentials(deps, {
      servicePrincipalId: owner,
      credentials: credentials ?? [],
      useSavedCredentials: useSavedCredentials ?? false,
      ...(jobId === undefined ? {} : { jobId }),
      ...(templateId === null || templateId === undefined ? {} : { templateId }),
    });
  },
});
