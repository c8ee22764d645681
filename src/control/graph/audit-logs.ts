// /auditLogs/provisioning: the provisioning log in Graph's shape, filtered, ordered and paged.
import { getLogEntry, queryLogs } from '../../cycle/use-cases/provisioning-logs.ts';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { graphVersion } from '../http/headers.ts';
import { param } from '../http/mount.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { collection, entity, nextLink } from './collection.ts';
import { readLogRequest } from './log-query.ts';
import { logEntryShape } from './shapes/log-entry.ts';

const FRAGMENT = 'auditLogs/provisioning';

export const auditLogRoutes = (deps: UseCaseDeps): Readonly<Record<string, Resource>> => ({
  '/auditLogs/provisioning': { GET: list(deps) },
  '/auditLogs/provisioning/:entryId': { GET: get(deps) },
});

const list = (deps: UseCaseDeps): Operation => ({
  summary: 'Read the provisioning log: $filter, $orderby, $top, $skiptoken.',
  role: 'reader',
  status: 200,
  handle: async (request) => {
    const { query, matches } = readLogRequest(request.query as Readonly<Record<string, unknown>>);
    const { entries, next } = await queryLogs(deps, query, matches);
    const version = graphVersion(request) ?? 'v1.0';
    const answer = collection(
      request,
      FRAGMENT,
      entries.map((entry) => logEntryShape(entry, version)),
    );
    return next === null ? answer : { ...answer, '@odata.nextLink': nextLink(request, next) };
  },
});

const get = (deps: UseCaseDeps): Operation => ({
  summary: 'Show one entry of the provisioning log.',
  role: 'reader',
  status: 200,
  handle: async (request) => {
    const entry = await getLogEntry(deps, param(request, 'entryId'));
    return entity(request, `${FRAGMENT}/$entity`, logEntryShape(entry, graphVersion(request) ?? 'v1.0'));
  },
});
