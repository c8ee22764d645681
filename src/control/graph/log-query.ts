// $filter, $top, $skiptoken and $orderby of the provisioning log → what the store narrows down by, and what decides.
import { z } from 'zod';
import { ConfigError } from '../../rules/model/errors.ts';
import type { LogEntry } from '../../rules/model/log.ts';
import type { LogQuery } from '../../rules/model/records.ts';
import { predicate } from './filter/evaluate.ts';
import type { Properties } from './filter/evaluate.ts';
import { parseFilter } from './filter/parse.ts';
import type { Filter, FilterTerm } from './filter/parse.ts';
import { INITIATOR, SOURCE_SYSTEM } from './shapes/log-entry.ts';

const PAGE = 100;
const LARGEST_PAGE = 1000;

const properties: Properties<LogEntry> = {
  id: (e) => e.id,
  activitydatetime: (e) => e.activityDateTime,
  tenantid: (e) => e.tenantId,
  jobid: (e) => e.jobId,
  cycleid: (e) => e.cycleId,
  changeid: (e) => e.changeId,
  provisioningaction: (e) => e.provisioningAction,
  durationinmilliseconds: (e) => e.durationInMilliseconds,
  'provisioningstatusinfo/status': (e) => e.status,
  'statusinfo/status': (e) => e.status,
  'provisioningstatusinfo/errorinformation/errorcode': (e) => e.error?.errorCode ?? null,
  'serviceprincipal/id': (e) => e.servicePrincipal.id,
  'serviceprincipal/displayname': (e) => e.servicePrincipal.displayName,
  'serviceprincipal/name': (e) => e.servicePrincipal.displayName,
  'sourceidentity/id': (e) => e.sourceIdentity.id,
  'sourceidentity/displayname': (e) => e.sourceIdentity.displayName,
  'sourceidentity/identitytype': (e) => e.sourceIdentity.identityType,
  'targetidentity/id': (e) => e.targetIdentity.id,
  'targetidentity/displayname': (e) => e.targetIdentity.displayName,
  'targetidentity/identitytype': (e) => e.targetIdentity.identityType,
  'sourcesystem/displayname': () => SOURCE_SYSTEM,
  'targetsystem/displayname': (e) => e.servicePrincipal.displayName,
  'initiatedby/id': () => INITIATOR.id,
  'initiatedby/displayname': () => INITIATOR.displayName,
  'initiatedby/initiatortype': () => INITIATOR.initiatorType,
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
export function readLogRequest(options: Readonly<Record<string, unknown>>): LogRequest {
  const filterText = textOption(options, 'filter');
  const filter = filterText === undefined ? null : parseFilter(filterText);
  const cursor = textOption(options, 'skiptoken');
  return {
    query: {
      ...(filter === null ? {} : narrowing(filter)),
      limit: pageSize(textOption(options, 'top')),
      ascending: isAscending(textOption(options, 'orderby')),
      ...(cursor === undefined ? {} : { cursor }),
    },
    matches: filter === null ? () => true : predicate(filter, properties),
  };
}

/** Graph takes query options with and without the dollar sign. */
function textOption(options: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const given = options[`$${name}`] ?? options[name];
  if (given === undefined || given === '') return undefined;
  if (typeof given === 'string') return given;
  throw new ConfigError(
    'Request_BadRequest',
    `Query option $${name} is given more than once. Give it once.`,
    `$${name}`,
  );
}

function pageSize(top: string | undefined): number {
  const size = z.coerce
    .number()
    .int()
    .min(1)
    .max(LARGEST_PAGE)
    .safeParse(top ?? PAGE);
  if (size.success) return size.data;
  throw new ConfigError(
    'Request_BadRequest',
    `$top is '${top ?? ''}': use a whole number from 1 to ${String(LARGEST_PAGE)}.`,
    '$top',
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
