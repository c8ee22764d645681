// The generated group of an index and its members. Members are an arithmetic progression over the users with a stride
// coprime to their number: the k-th member, and whether a user is one, are both computed in constant time.
import type { Json, JsonObject } from '../../../rules/model/json.ts';
import { textOf } from '../text.ts';
import { departments } from './names.ts';
import { hash, pick } from './random.ts';
import { domain, type Tenant } from './tenant.ts';

const salts = { size: 21, scale: 22, start: 23, stride: 24, shape: 25, name: 26 } as const;
const offices = ['Seattle', 'München', 'Łódź', 'Málaga', 'Αθήνα', '東京', 'Алматы', 'الرياض', '上海', 'पुणे'] as const;
const purposes = ['team', 'leads', 'project', 'readers', 'editors', 'on call', 'newcomers'] as const;
/** Group 0 has every user as a member. */
const allStaff = 0;

export const isUnified = (tenant: Tenant, index: number): boolean =>
  index !== allStaff && hash(tenant.seed, index, salts.shape) % 4 === 0;

/** All properties of group `index`, id included. */
export function groupAt(tenant: Tenant, index: number): JsonObject {
  const draw = hash(tenant.seed, index, salts.name);
  const unified = isUnified(tenant, index);
  const nickname = index === allStaff ? 'all-staff' : `group-${String(index)}`;
  const properties: Record<string, Json> = {
    id: tenant.ids.encode('group', index),
    createdDateTime: new Date(Date.UTC(2017, 2, 1) + (draw % 2500) * 86_400_000).toISOString().replace('.000Z', 'Z'),
    displayName: index === allStaff ? 'All Staff' : nameOf(draw, index),
    groupTypes: unified ? ['Unified'] : [],
    mailEnabled: unified,
    mailNickname: nickname,
    securityEnabled: !unified || draw % 2 === 0,
  };
  if (draw % 5 !== 0) properties['description'] = `Access of ${textOf(properties['displayName'])}`;
  if (unified) {
    properties['mail'] = `${nickname}@${domain}`;
    properties['proxyAddresses'] = [`SMTP:${nickname}@${domain}`];
    properties['visibility'] = draw % 3 === 0 ? 'Private' : 'Public';
  }
  return properties;
}

const nameOf = (draw: number, index: number): string =>
  `${pick(departments, draw)} ${pick(offices, draw >>> 8)} ${pick(purposes, draw >>> 16)} ${String(index)}`;

/** Number of users that are direct members of group `index`. */
export function userMemberCount(tenant: Tenant, index: number): number {
  if (index === allStaff) return tenant.users;
  return Math.min(
    tenant.users,
    sizeOf(hash(tenant.seed, index, salts.size) % 100, hash(tenant.seed, index, salts.scale), tenant.users),
  );
}

function sizeOf(percentile: number, draw: number, users: number): number {
  if (percentile < 5) return 0;
  if (percentile < 60) return 3 + (draw % 13);
  if (percentile < 90) return 16 + (draw % 65);
  if (percentile < 98) return 81 + (draw % 220);
  return 300 + (draw % Math.max(1, Math.min(20_000, Math.floor(users / 20))));
}

/** Index of the k-th user in group `index`; `k` is below `userMemberCount`. */
export function userMemberAt(tenant: Tenant, index: number, k: number): number {
  if (index === allStaff) return k;
  const { start, stride } = progression(tenant, index);
  return (start + k * stride) % tenant.users;
}

export function hasUserMember(tenant: Tenant, index: number, user: number): boolean {
  if (index === allStaff || tenant.users === 0) return index === allStaff;
  const { start, stride } = progression(tenant, index);
  const distance = (user - start + tenant.users) % tenant.users;
  return (distance * inverse(stride, tenant.users)) % tenant.users < userMemberCount(tenant, index);
}

interface Progression {
  readonly start: number;
  readonly stride: number;
}

/** Products of two indexes stay below 2^53 up to 94 million users. */
function progression(tenant: Tenant, index: number): Progression {
  const users = tenant.users;
  let stride = 1 + (hash(tenant.seed, index, salts.stride) % Math.max(1, users - 1));
  while (divisor(stride, users) !== 1) stride += 1;
  return { start: hash(tenant.seed, index, salts.start) % users, stride: stride % users };
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/** x with (a · x) mod m = 1, for coprime a and m. */
function inverse(a: number, m: number): number {
  let [r0, r1, x0, x1] = [m, a % m, 0, 1];
  while (r1 > 1) {
    const quotient = Math.floor(r0 / r1);
    [r0, r1] = [r1, r0 - quotient * r1];
    [x0, x1] = [x1, x0 - quotient * x1];
  }
  return ((x1 % m) + m) % m;
}

/** Indexes of the groups nested in group `index`; always higher, so that nesting has no circle. */
export function nestedIndexes(tenant: Tenant, index: number): readonly number[] {
  if (index % 8 !== 3) return [];
  return [index + 1, index + 2].filter((child) => child < tenant.groups);
}

/** Indexes of the groups that group `index` is nested in. */
export function parentIndexes(tenant: Tenant, index: number): readonly number[] {
  return [index - 1, index - 2].filter((parent) => parent >= 0 && nestedIndexes(tenant, parent).includes(index));
}
