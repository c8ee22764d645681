// What the SCIM simulator holds, in the oracle's words, so that the two can be compared as values.
import type { ScimSimulator } from '../../src/simulators/scim/start.ts';
import type { Account, Team, World } from './oracle.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

type Resource = Readonly<Record<string, unknown>> & { readonly id: string };
type Typed = Readonly<Record<string, unknown>> & { readonly type?: string };

export function targetWorld(simulator: ScimSimulator): World {
  const { users, groups } = simulator.state() as unknown as { users: readonly Resource[]; groups: readonly Resource[] };
  const names = new Map<string, string>([
    ...users.map((user): [string, string] => [user.id, String(user['userName'])]),
    ...groups.map((group): [string, string] => [group.id, String(group['displayName'])]),
  ]);
  return {
    accounts: Object.fromEntries(users.map((user) => [String(user['userName']), account(user, names)])),
    teams: Object.fromEntries(groups.map((group) => [String(group['displayName']), team(group, names)])),
  };
}

function account(user: Resource, names: ReadonlyMap<string, string>): Account {
  const name = (user['name'] ?? {}) as Readonly<Record<string, unknown>>;
  const enterprise = (user[ENTERPRISE] ?? {}) as Readonly<Record<string, unknown>>;
  const address = typed(user['addresses'], 'work');
  const found = {
    displayName: user['displayName'],
    title: user['title'],
    email: typed(user['emails'], 'work')['value'],
    preferredLanguage: user['preferredLanguage'],
    givenName: name['givenName'],
    familyName: name['familyName'],
    formatted: name['formatted'],
    office: address['formatted'],
    streetAddress: address['streetAddress'],
    locality: address['locality'],
    region: address['region'],
    postalCode: address['postalCode'],
    country: address['country'],
    workPhone: typed(user['phoneNumbers'], 'work')['value'],
    mobile: typed(user['phoneNumbers'], 'mobile')['value'],
    fax: typed(user['phoneNumbers'], 'fax')['value'],
    externalId: user['externalId'],
    employeeNumber: enterprise['employeeNumber'],
    department: enterprise['department'],
  };
  const manager = (enterprise['manager'] as { value?: string } | undefined)?.value;
  return {
    userName: String(user['userName']),
    active: user['active'] === true,
    attributes: Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)),
    manager: manager === undefined ? null : (names.get(manager) ?? manager),
  };
}

const typed = (values: unknown, type: string): Typed =>
  (values as readonly Typed[] | undefined)?.find((value) => value.type === type) ?? {};

function team(group: Resource, names: ReadonlyMap<string, string>): Team {
  const members = (group['members'] ?? []) as readonly { value: string }[];
  return {
    displayName: String(group['displayName']),
    externalId: String(group['externalId']),
    members: members.map(({ value }) => names.get(value) ?? value).sort(),
  };
}
