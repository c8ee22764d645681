// The knobs of a simulator: how strict it is, and what goes wrong next. Changed while it runs by POST /simulator/faults.
import { ConfigError } from '../../rules/model/errors.ts';
import type { Json } from '../../rules/model/json.ts';
import { isList, isObject } from './normalise.ts';

export interface ScimFaults {
  /** So many SCIM requests fail from now on, in the way that the next five fields say. */
  readonly failNext: number;
  /** Only requests of these methods fail; empty = all. */
  readonly failMethods: readonly string[];
  readonly status: number;
  /** Seconds for a Retry-After header; `null` = no such header. */
  readonly retryAfter: number | null;
  /** The failure is an HTML page. */
  readonly html: boolean;
  /** The failure is a broken connection: `before` the request has an effect, or `after` it. */
  readonly dropConnection: boolean | 'before' | 'after';
  /** Every SCIM request waits so long. */
  readonly delayMs: number;
  /** Users with these names are refused with 400, whatever their case. */
  readonly rejectUserNames: readonly string[];
  readonly maxMembersPerPatch: number;
  readonly maxPage: number;
  readonly refuseUnknown: boolean;
  /** More are answered 429 with Retry-After; 0 = as many as come. */
  readonly requestsPerSecond: number;
}

export const noFaults: ScimFaults = {
  failNext: 0,
  failMethods: [],
  status: 503,
  retryAfter: null,
  html: false,
  dropConnection: false,
  delayMs: 0,
  rejectUserNames: [],
  maxMembersPerPatch: 100,
  maxPage: 200,
  refuseUnknown: true,
  requestsPerSecond: 0,
};

type Check = readonly [expected: string, fits: (value: Json) => boolean];
const count: Check = [
  'a whole number, 0 or more',
  (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0,
];
const toggle: Check = ['true or false', (value) => typeof value === 'boolean'];
const strings: Check = [
  'a list of strings',
  (value) => isList(value) && value.every((each) => typeof each === 'string'),
];

const checks: Readonly<Record<keyof ScimFaults, Check>> = {
  failNext: count,
  failMethods: strings,
  status: ['an HTTP status from 400 to 599', (value) => typeof value === 'number' && value >= 400 && value <= 599],
  retryAfter: ['seconds or null', (value) => value === null || (typeof value === 'number' && value >= 0)],
  html: toggle,
  dropConnection: [
    'true, false, "before" or "after"',
    (value) => [true, false, 'before', 'after'].includes(value as never),
  ],
  delayMs: count,
  rejectUserNames: strings,
  maxMembersPerPatch: count,
  maxPage: count,
  refuseUnknown: toggle,
  requestsPerSecond: count,
};

/** Fields that are given replace the present ones. Throws ConfigError naming the field that is wrong. */
export function changeFaults(present: ScimFaults, change: Json): ScimFaults {
  if (!isObject(change)) throw new ConfigError('BadRequest', 'Faults must be a JSON object.');
  for (const [name, value] of Object.entries(change)) {
    const check = Object.hasOwn(checks, name) ? checks[name as keyof ScimFaults] : undefined;
    if (check === undefined)
      throw new ConfigError(
        'BadRequest',
        `There is no fault ${name}; there are ${Object.keys(checks).join(', ')}.`,
        name,
      );
    if (!check[1](value)) throw new ConfigError('BadRequest', `Fault ${name} must be ${check[0]}.`, name);
  }
  return { ...present, ...change };
}
