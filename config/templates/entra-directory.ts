// The directory "Azure Active Directory" as the source of templates: the attributes that mappings and filters may name.
import type { AttributeDefinition, DirectoryDefinition, KeyValue } from '../../src/rules/model/schema.ts';
import { sourceAttributes } from '../../src/rules/model/source-attributes.ts';
import type { ObjectType } from '../../src/rules/model/source-object.ts';
import { attribute, directory, referencesTo } from './definitions.ts';

export const ENTRA = 'Azure Active Directory';

const requiredNames: Readonly<Record<ObjectType, readonly string[]>> = {
  User: ['IsSoftDeleted', 'accountEnabled', 'displayName'],
  Group: ['IsSoftDeleted', 'displayName'],
};
const referenced: Readonly<Record<string, AttributeDefinition['referencedObjects']>> = {
  manager: referencesTo('User'),
  members: referencesTo('User', 'Group'),
};

const definitions = (type: ObjectType): readonly AttributeDefinition[] =>
  sourceAttributes(type).map(({ name, type: valueType, multivalued }) =>
    attribute(name, valueType, {
      multivalued,
      anchor: name === 'objectId',
      required: requiredNames[type].includes(name),
      referencedObjects: referenced[name] ?? [],
    }),
  );

const metadata = (accountEnabled: readonly KeyValue[]): readonly KeyValue[] => [
  { key: 'IsSoftDeletionSupported', value: 'true' },
  { key: 'ConnectorDataStorageRequired', value: 'true' },
  { key: 'IsSynchronizeAllSupported', value: 'true' },
  ...accountEnabled,
  { key: 'PropertyNameSoftDeleted', value: 'IsSoftDeleted' },
];

export const entraDirectory: DirectoryDefinition = directory('66e4a8cc-1b7b-435e-95f8-f06cea133828', ENTRA, [
  {
    name: 'User',
    attributes: definitions('User'),
    metadata: metadata([{ key: 'PropertyNameAccountEnabled', value: 'accountEnabled' }]),
    supportedApis: [],
  },
  { name: 'Group', attributes: definitions('Group'), metadata: metadata([]), supportedApis: [] },
]);
