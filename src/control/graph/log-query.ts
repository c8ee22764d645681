// $filter, $top, $skiptoken and $orderby of the provisioning log → what the store narrows down by, and what decides.
import { z } from 'zod';
import { ConfigError } from '../../rules/model/errors.ts';
import type { LogEntry } from '../../rules/model/log.ts';
import type { LogQuery } from '../../rules/model/records.ts';
import { predicate } from './filter/evaluate.ts';
import type { Properties, Property } from './filter/evaluate.ts';
import { parseFilter } from './filter/parse.ts';
import type { Filter, FilterTerm } from './filter/parse.ts';
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
export function readLogRequest(options: Readonly<Record<string, unknown>>): LogRequest {
  refuseUnsupported(options);
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

/** Without them the answer would be another one than was asked for; `$select` and `$count` only leave out or add. */
const unsupported = ['skip', 'search', 'apply', 'expand'] as const;
function refuseUnsupported(options: Readonly<Record<string, unknown>>): void {
  const name = unsupported.find((option) => textOption(options, option) !== undefined);
  if (name === undefined) return;
  throw new ConfigError(
    'Request_UnsupportedQuery',
    `$${name} is not supported here. Use $filter, $orderby and $top, and follow @odata.nextLink.`,
    `$${name}`,
  );
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
