// Schemas and objects for tests of the rules: the default SCIM mappings, shortened, with whatever a test changes.
import { parseExpression } from '../../../src/rules/expressions/parse.ts';
import { toMappingSource } from '../../../src/rules/expressions/mapping-source.ts';
import { compileSchema, ruleFor } from '../../../src/rules/mapping/compile.ts';
import type { ObjectRule } from '../../../src/rules/mapping/compile.ts';
import type { JsonObject } from '../../../src/rules/model/json.ts';
import type {
  AttributeDefinition,
  AttributeMapping,
  FilterGroup,
  ObjectMapping,
  ScopeFilter,
  SynchronizationSchema,
} from '../../../src/rules/model/schema.ts';
import type { Entitlement, ObjectType, SourceObject } from '../../../src/rules/model/source-object.ts';

export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const coreGroup = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const activeExpression = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")';

export function mapping(
  target: string,
  expression: string | null,
  rest: Partial<AttributeMapping> = {},
): AttributeMapping {
  const read = expression === null ? null : parseExpression(expression);
  if (read?.ok === false) throw new Error(read.message);
  return {
    targetAttributeName: target,
    source: read === null ? null : toMappingSource(read.expression),
    defaultValue: null,
    exportMissingReferences: false,
    flowBehavior: 'FlowWhenChanged',
    flowType: 'Always',
    matchingPriority: 0,
    ...rest,
  };
}

export function definition(name: string, rest: Partial<AttributeDefinition> = {}): AttributeDefinition {
  return {
    name,
    type: 'String',
    anchor: false,
    caseExact: true,
    multivalued: false,
    required: false,
    flowNullValues: false,
    mutability: 'ReadWrite',
    defaultValue: null,
    referencedObjects: [],
    metadata: [],
    ...rest,
  };
}

export const userMappings: readonly AttributeMapping[] = [
  mapping('userName', '[userPrincipalName]', { matchingPriority: 1 }),
  mapping('active', activeExpression),
  mapping('displayName', '[displayName]'),
  mapping('title', '[jobTitle]'),
  mapping('emails[type eq "work"].value', '[mail]'),
  mapping('name.formatted', 'Join(" ", [givenName], [surname])'),
  mapping('addresses[type eq "work"].locality', '[city]'),
  mapping(`${enterprise}:department`, '[department]'),
  mapping(`${enterprise}:manager`, '[manager]'),
];
const groupMappings: readonly AttributeMapping[] = [
  mapping('displayName', '[displayName]', { matchingPriority: 1 }),
  mapping('externalId', '[objectId]'),
  mapping('members', '[members]'),
];

export interface SampleOptions {
  readonly users?: Partial<ObjectMapping>;
  readonly groups?: Partial<ObjectMapping>;
  /** Definitions of target attributes of users, beside those of the default mappings. */
  readonly definitions?: readonly AttributeDefinition[];
  /** Definitions of source attributes of users. */
  readonly sources?: readonly AttributeDefinition[];
}

export function sampleSchema({
  users = {},
  groups = {},
  definitions = [],
  sources = [],
}: SampleOptions = {}): SynchronizationSchema {
  const userDefinitions = [
    definition('userName', { caseExact: false, required: true }),
    definition('active', { type: 'Boolean' }),
    definition(`${enterprise}:manager`, { type: 'Reference' }),
    ...definitions,
  ];
  return {
    id: 'schema',
    version: '1',
    synchronizationRules: [
      {
        id: 'rule',
        name: 'USERGROUP_OUTBOUND_USERGROUP',
        editable: true,
        priority: 1,
        sourceDirectoryName: 'Azure Active Directory',
        targetDirectoryName: 'customappsso',
        objectMappings: [
          objectMapping('Group', coreGroup, groupMappings, groups),
          objectMapping('User', enterprise, userMappings, users),
        ],
        metadata: [],
      },
    ],
    directories: [
      {
        id: 'source',
        name: 'Azure Active Directory',
        objects: [{ name: 'User', attributes: sources, metadata: [], supportedApis: [] }],
        discoverabilities: 'None',
        discoveryDateTime: null,
        readOnly: false,
        version: null,
      },
      {
        id: 'target',
        name: 'customappsso',
        objects: [
          { name: enterprise, attributes: userDefinitions, metadata: [], supportedApis: [] },
          {
            name: coreGroup,
            attributes: [definition('members', { type: 'Reference', multivalued: true })],
            metadata: [],
            supportedApis: [],
          },
        ],
        discoverabilities: 'None',
        discoveryDateTime: null,
        readOnly: false,
        version: null,
      },
    ],
  };
}

const objectMapping = (
  sourceObjectName: ObjectType,
  targetObjectName: string,
  attributeMappings: readonly AttributeMapping[],
  rest: Partial<ObjectMapping>,
): ObjectMapping => ({
  name: `Provision ${sourceObjectName}s`,
  enabled: true,
  flowTypes: ['Add', 'Update', 'Delete'],
  sourceObjectName,
  targetObjectName,
  attributeMappings,
  scope: null,
  metadata: [],
  ...rest,
});

export function sampleRule(type: ObjectType, options: SampleOptions = {}): ObjectRule {
  const rule = ruleFor(compileSchema(sampleSchema(options)), type);
  if (rule === null) throw new Error(`the sample has no rule for ${type}`);
  return rule;
}

export const filterOf = (groups: readonly FilterGroup[], input: readonly FilterGroup[] = []): ScopeFilter => ({
  groups,
  inputFilterGroups: input,
  categoryFilterGroups: [],
});
export const clause = (sourceOperandName: string, operatorName: string, ...values: readonly string[]): FilterGroup => ({
  name: `${sourceOperandName} ${operatorName}`,
  clauses: [{ sourceOperandName, operatorName, targetOperand: { values } }],
});

const anna: JsonObject = {
  userPrincipalName: 'anna@example.com',
  accountEnabled: true,
  displayName: 'Anna Ek',
  givenName: 'Anna',
  surname: 'Ek',
  mail: 'anna.ek@example.com',
  department: 'IT',
  city: 'Umeå',
  jobTitle: null,
};
export const user = (attributes: JsonObject = {}, rest: Partial<SourceObject> = {}): SourceObject => ({
  id: 'u1',
  type: 'User',
  presence: 'live',
  attributes: { ...anna, ...attributes },
  managerId: null,
  version: 1,
  ...rest,
});
export const group = (attributes: JsonObject = {}, rest: Partial<SourceObject> = {}): SourceObject => ({
  id: 'g1',
  type: 'Group',
  presence: 'live',
  attributes: { displayName: 'Staff', securityEnabled: true, ...attributes },
  managerId: null,
  version: 1,
  ...rest,
});

export const directly: readonly Entitlement[] = [
  { appRoleId: '00000000-0000-0000-0000-000000000000', via: 'direct', groupId: null },
];
export const byGroup: readonly Entitlement[] = [{ appRoleId: 'r1', via: 'group', groupId: 'g1' }];

export const services = {
  now: new Date('2026-01-02T03:04:05Z'),
  random: () => 0.5,
  guid: () => 'b7e0ef3c-0d2f-4a8c-9d5f-3f0f6b6d1b11',
};

/** Shows what it was made of, for tests. */
export const fingerprint = (text: string): string => `fingerprint of ${text}`;

export const entraPolicy = { User: 'Disable', Group: 'Delete' } as const;
