// How the job of a history is set up, as a value: what its schema, secrets and settings say. `document` writes the schema.
import { findTemplate } from '../../config/applications/index.ts';
import { attributeMapping, match, row } from '../../config/templates/mappings.ts';
import type { MappingRow } from '../../config/templates/mappings.ts';
import type { ObjectMapping, SynchronizationSchema } from '../../src/rules/model/schema.ts';

export type TitleMapping = 'title' | 'shouted' | 'joined' | 'once' | 'defaulted';
export interface Settings {
  readonly everybody: boolean;
  readonly skipsLeavers: boolean;
  readonly title: TitleMapping;
  /** Only who is in this department is in scope. */
  readonly department: string | null;
  readonly members: boolean;
  readonly creates: boolean;
  readonly updates: boolean;
  readonly deletes: boolean;
  /** Default Access is enough. */
  readonly anyRole: boolean;
  /** Disables and deletes that one cycle may do. */
  readonly limit: number | null;
  /** Accounts are found by the object id too, not by the name alone. */
  readonly byId: boolean;
  readonly recreates: boolean;
}
export const usual: Settings = {
  everybody: false,
  skipsLeavers: false,
  title: 'title',
  department: null,
  members: true,
  creates: true,
  updates: true,
  deletes: true,
  anyRole: true,
  limit: null,
  byId: true,
  recreates: false,
};

const titles: Readonly<Record<TitleMapping, MappingRow>> = {
  title: row('title', '[jobTitle]'),
  shouted: row('title', 'ToUpper([jobTitle])'),
  joined: row('title', 'Join("-", [department], [jobTitle])'),
  once: row('title', '[jobTitle]', { flowType: 'ObjectAddOnly' }),
  defaulted: row('title', '[jobTitle]'),
};
export const TITLE_BY_DEFAULT = 'Newcomer';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const userRows = ({ title, byId }: Settings): readonly MappingRow[] => [
  byId ? match('externalId', '[objectId]', 1) : row('externalId', '[objectId]'),
  match('userName', '[userPrincipalName]', 2),
  row('active', 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'),
  titles[title],
  row(`${ENTERPRISE}:department`, '[department]'),
  row(`${ENTERPRISE}:manager`, '[manager]'),
];
const groupRows = ({ members, byId }: Settings): readonly MappingRow[] => [
  byId ? match('externalId', '[objectId]', 1) : row('externalId', '[objectId]'),
  match('displayName', '[displayName]', 2),
  ...(members ? [row('members', '[members]')] : []),
];

export function document(settings: Settings): SynchronizationSchema {
  const template = findTemplate('scim');
  if (template === null) throw new Error('there is no template scim');
  const [rule] = template.schema.synchronizationRules;
  if (rule === undefined) throw new Error('the template has no rule');
  return {
    ...template.schema,
    synchronizationRules: [{ ...rule, objectMappings: rule.objectMappings.map((mapping) => asSet(mapping, settings)) }],
  };
}

function asSet(mapping: ObjectMapping, settings: Settings): ObjectMapping {
  const { creates, updates, deletes, department, title } = settings;
  const rows = mapping.sourceObjectName === 'User' ? userRows(settings) : groupRows(settings);
  const scope = { groups: [inDepartment(department ?? '')], inputFilterGroups: [], categoryFilterGroups: [] };
  return {
    ...mapping,
    flowTypes: [
      ...(creates ? (['Add'] as const) : []),
      ...(updates ? (['Update'] as const) : []),
      ...(deletes ? (['Delete'] as const) : []),
    ],
    attributeMappings: rows.map((one) => ({
      ...attributeMapping(one),
      ...(one.target === 'title' && title === 'defaulted' ? { defaultValue: TITLE_BY_DEFAULT } : {}),
    })),
    scope: mapping.sourceObjectName === 'User' && department !== null ? scope : null,
  };
}

const inDepartment = (department: string) => ({
  name: 'in the department',
  clauses: [{ sourceOperandName: 'department', operatorName: 'EQUALS', targetOperand: { values: [department] } }],
});
