// Graph's ways to write a path, brought to one form for routing; and the URLs that answers carry.
import type { FastifyRequest } from 'fastify';
import { notFound, requireServicePrincipal } from '../../cycle/use-cases/not-found.ts';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import type { DirectoryServicePrincipal } from '../../rules/model/mirror.ts';
import { graphVersion } from '../http/headers.ts';
import { param } from '../http/mount.ts';

const APP_ID = 'appId=';

/**
 * `/jobs('x')/` → `/jobs/x`, `/servicePrincipals(appId='x')` → `/servicePrincipals/appId=x`, `/microsoft.graph.functions()` →
 * `/functions`; the query stays as it is.
 */
export function normalizePath(url: string): string {
  const end = url.indexOf('?');
  const path = end < 0 ? url : url.slice(0, end);
  const normal = path
    .replace(/%24/g, '$')
    .replace(/%27/g, "'")
    .replace(/%28/g, '(')
    .replace(/%29/g, ')')
    .replace(/%3d/gi, '=')
    .replace(/\(appId='([^'/()]*)'\)/gi, `/${APP_ID}$1`)
    .replace(/\('([^'/()]*)'\)/g, '/$1')
    .replace(/\(\)(?=\/|$)/g, '')
    .replace(/\/microsoft\.graph\.(?=\w)/gi, '/')
    .replace(/\/{2,}/g, '/')
    .replace(/(?<=.)\/$/, '')
    .replace(/^\/[^/]*/, (first) => first.toLowerCase());
  return end < 0 ? normal : normal + url.slice(end);
}

/** Object id of the service principal in the path, also when it is named by its appId. Throws ConfigError. */
export async function servicePrincipalId(deps: UseCaseDeps, request: FastifyRequest): Promise<string> {
  const { applicationId } = request.params as { readonly applicationId?: string };
  const key = applicationId ?? param(request, 'servicePrincipalId');
  if (!key.startsWith(APP_ID)) return applicationId === undefined ? key : ofApplication(deps, key);
  const appId = key.slice(APP_ID.length);
  const found = await deps.servicePrincipalByAppId(appId);
  if (found === null)
    throw notFound('Service principal with appId', appId, 'Use the appId of an application in this tenant.');
  return found.id;
}

/** The same resources hang below the application, whose object id is another one than that of its service principal. */
async function ofApplication(deps: UseCaseDeps, applicationId: string): Promise<string> {
  const found = await deps.servicePrincipalOfApplication(applicationId);
  if (found !== null) return found.id;
  throw notFound(
    'Application',
    applicationId,
    'Use the object id of an application that has a service principal here.',
  );
}

/** The same for resources that say nothing of whether their owner exists. Throws ConfigError when it does not. */
export async function existingServicePrincipal(
  deps: UseCaseDeps,
  request: FastifyRequest,
): Promise<DirectoryServicePrincipal> {
  return requireServicePrincipal(deps, await servicePrincipalId(deps, request));
}

/** `https://host/v1.0`, as the caller reached it. */
export const graphRoot = (request: FastifyRequest): string =>
  `${request.protocol}://${request.host}/${graphVersion(request) ?? 'v1.0'}`;

export const contextUrl = (request: FastifyRequest, fragment: string): string =>
  `${graphRoot(request)}/$metadata#${fragment}`;

/** Fragment of everything below one service principal's synchronization. */
export const synchronizationFragment = (servicePrincipal: string, rest: string): string =>
  `servicePrincipals('${servicePrincipal}')/synchronization/${rest}`;
