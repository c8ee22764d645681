// /auditLogs/provisioning: the provisioning log in Graph's shape, filtered, ordered and paged.
import { getLogEntry, queryLogs } from '../../cycle/use-cases/provisioning-logs.ts';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { graphVersion } from '../http/headers.ts';
import { param } from '../http/mount.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { collectionOf, collectionPage, entity, entityOf } from './collection.ts';
import { entityQuery, listQuery, queryOptions } from './query-options.ts';
import { readLogRequest } from './log-query.ts';
import { provisioningObjectSummary } from './resources/log.ts';
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
  answer: collectionOf(provisioningObjectSummary),
  query: listQuery,
  handle: async (request) => {
    const { query, matches } = readLogRequest(queryOptions(request));
    const { entries, next } = await queryLogs(deps, query, matches);
    const version = graphVersion(request) ?? 'v1.0';
    const items = entries.map((entry) => logEntryShape(entry, version));
    return collectionPage(request, FRAGMENT, provisioningObjectSummary, { items, next });
  },
});

const get = (deps: UseCaseDeps): Operation => ({
  summary: 'Show one entry of the provisioning log.',
  role: 'reader',
  status: 200,
  answer: entityOf(provisioningObjectSummary),
  query: entityQuery,
  handle: async (request) => {
    const entry = await getLogEntry(deps, param(request, 'entryId'));
    return entity(
      request,
      `${FRAGMENT}/$entity`,
      provisioningObjectSummary,
      logEntryShape(entry, graphVersion(request) ?? 'v1.0'),
    );
  },
});
