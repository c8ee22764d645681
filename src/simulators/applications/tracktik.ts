// TrackTik: users are employees of the region HQ, groups are the roles that they hold.
import type { JsonObject } from '../../rules/model/json.ts';
import { isList, isObject, textOf } from '../scim/normalise.ts';
import { groupSchema, userSchema } from '../scim/schemas.ts';
import type { ServiceRules, ServiceState } from '../scim/service-rules.ts';

const REGION = 'HQ';

export const tracktik: ServiceRules = {
  name: 'tracktik',
  basePath: '/rest/scim/v2',
  resources: [userSchema, groupSchema],
  filterable: {},
  refused: [],
  limits: {},
  show: workforce,
};

function workforce({ users, groups }: ServiceState): JsonObject {
  return {
    employees: users.map((user) => ({
      id: textOf(user['id']),
      username: textOf(user['userName']),
      status: user['active'] === false ? 'INACTIVE' : 'ACTIVE',
      region: REGION,
      roles: groups.filter((group) => holders(group).includes(textOf(user['id']))).map(nameOf),
    })),
    roles: groups.map((group) => ({ id: textOf(group['id']), name: nameOf(group) })),
  };
}

const nameOf = (group: JsonObject): string => textOf(group['displayName']);
const holders = ({ members }: JsonObject): readonly string[] =>
  isList(members) ? members.map((member) => (isObject(member) ? textOf(member['value']) : '')) : [];
