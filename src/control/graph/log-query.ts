// $filter, $top, $skiptoken and $orderby of the provisioning log → what the store narrows down by, and what decides.
import { ConfigError } from '../../rules/model/errors.ts';
import type { LogEntry } from '../../rules/model/log.ts';
import type { LogQuery } from '../../rules/model/records.ts';
import { predicate } from './filter/evaluate.ts';
import type { Properties, Property } from './filter/evaluate.ts';
import { parseFilter } from './filter/parse.ts';
import type { Filter, FilterTerm } from './filter/parse.ts';
import { numberOption } from './query-options.ts';
import type { QueryOptions } from './query-options.ts';
import { INITIATOR, SOURCE_SYSTEM } from './shapes/log-entry.ts';

const PAGE = 100;
const LARGEST_PAGE = 1000;

const text = (read: (entry: LogEntry) => string | null): Property<LogEntry> => ({ type: 'text', read });
const properties: Properties<LogEntry> = {
  id: text((e) => e.id),
  activityDateTime: { type: 'time', read: (e) => e.activityDateTime },
  tenantId: text((e) => e.tenantId),
  jobId: text((e) => e.jobId),
  cycleId: text((e) => e.cycleId),
  changeId: text((e) => e.changeId),
  provisioningAction: text((e) => e.provisioningAction),
  durationInMilliseconds: { type: 'number', read: (e) => e.durationInMilliseconds },
  'provisioningStatusInfo/status': text((e) => e.status),
  'statusInfo/status': text((e) => e.status),
  'provisioningStatusInfo/errorInformation/errorCode': text((e) => e.error?.errorCode ?? null),
  'servicePrincipal/id': text((e) => e.servicePrincipal.id),
  'servicePrincipal/displayName': text((e) => e.servicePrincipal.displayName),
  'servicePrincipal/name': text((e) => e.servicePrincipal.displayName),
  'sourceIdentity/id': text((e) => e.sourceIdentity.id),
  'sourceIdentity/displayName': text((e) => e.sourceIdentity.displayName),
  'sourceIdentity/identityType': text((e) => e.sourceIdentity.identityType),
  'targetIdentity/id': text((e) => e.targetIdentity.id),
  'targetIdentity/displayName': text((e) => e.targetIdentity.displayName),
  'targetIdentity/identityType': text((e) => e.targetIdentity.identityType),
  'sourceSystem/displayName': text(() => SOURCE_SYSTEM),
  'targetSystem/displayName': text((e) => e.servicePrincipal.displayName),
  'initiatedBy/id': text(() => INITIATOR.id),
  'initiatedBy/displayName': text(() => INITIATOR.displayName),
  'initiatedBy/initiatorType': text(() => INITIATOR.initiatorType),
};

type Narrowing = Partial<LogQuery>;
const narrowedByText: Readonly<Record<string, (value: string) => Narrowing>> = {
  'jobid eq': (jobId) => ({ jobId }),
  'cycleid eq': (cycleId) => ({ cycleId }),
  'changeid eq': (changeId) => ({ changeId }),
  'serviceprincipal/id eq': (servicePrincipalId) => ({ servicePrincipalId }),
  'provisioningaction eq': (action) => ({ action }),
  'provisioningstatusinfo/status eq': (status) => ({ status }),
  'statusinfo/status eq': (status) => ({ status }),
  'sourceidentity/id eq': (sourceId) => ({ sourceId }),
  'sourceidentity/displayname contains': (sourceNameContains) => ({ sourceNameContains }),
  'targetidentity/id eq': (targetId) => ({ targetId }),
};

/** Whether the store counts a bound in or not, one millisecond more is never too little: `matches` decides. */
const SLACK_MS = 1;
function narrowedByTime(operator: FilterTerm['operator'], time: number): Narrowing {
  const after = { after: new Date(time - SLACK_MS) };
  const before = { before: new Date(time + SLACK_MS) };
  if (operator === 'gt' || operator === 'ge') return after;
  if (operator === 'lt' || operator === 'le') return before;
  return operator === 'eq' ? { ...after, ...before } : {};
}

/** Only what all matches have in common narrows the search: the terms that are joined by `and`. */
function narrowing(filter: Filter): Narrowing {
  if (filter.kind === 'and') return { ...narrowing(filter.right), ...narrowing(filter.left) };
  if (filter.kind !== 'term') return {};
  const { property, operator, value } = filter;
  if (property === 'activitydatetime') return narrowedByTime(operator, timeOf(value));
  return typeof value === 'string' ? (narrowedByText[`${property} ${operator}`]?.(value) ?? {}) : {};
}

function timeOf(value: FilterTerm['value']): number {
  const time = value instanceof Date ? value.getTime() : Date.parse(String(value));
  if (!Number.isNaN(time)) return time;
  throw new ConfigError('Request_BadRequest', `'${String(value)}' is no time like 2026-01-31T00:00:00Z.`, '$filter');
}

export interface LogRequest {
  readonly query: LogQuery;
  readonly matches: (entry: LogEntry) => boolean;
}

/** Throws ConfigError that names the query option. */
export function readLogRequest(options: QueryOptions): LogRequest {
  refuseSkip(options);
  const filter = options.filter === undefined ? null : parseFilter(options.filter);
  return {
    query: {
      ...(filter === null ? {} : narrowing(filter)),
      limit: numberOption(options, 'top', 1, LARGEST_PAGE) ?? PAGE,
      ascending: isAscending(options.orderby),
      ...(options.skiptoken === undefined ? {} : { cursor: options.skiptoken }),
    },
    matches: filter === null ? () => true : predicate(filter, properties),
  };
}

/** The log is read from a place on, never counted through. */
function refuseSkip({ skip }: QueryOptions): void {
  if (skip === undefined) return;
  throw new ConfigError(
    'Request_UnsupportedQuery',
    '$skip is not supported here. Use $filter, $orderby and $top, and follow @odata.nextLink.',
    '$skip',
  );
}

function isAscending(orderBy: string | undefined): boolean {
  const order = /^activityDateTime(?:\s+(asc|desc))?$/i.exec(orderBy?.trim() ?? 'activityDateTime desc');
  if (order !== null) return order[1]?.toLowerCase() !== 'desc';
  throw new ConfigError(
    'Request_UnsupportedQuery',
    `$orderby is '${orderBy ?? ''}': the log is ordered by activityDateTime only.`,
    '$orderby',
  );
}
