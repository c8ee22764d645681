// Short forms for the definitions that templates are made of.
import type {
  AttributeDefinition,
  AttributeType,
  DirectoryDefinition,
  ObjectDefinition,
} from '../../src/rules/model/schema.ts';

/** An attribute with Graph's defaults but for what is given. */
export const attribute = (
  name: string,
  type: AttributeType,
  rest: Partial<Omit<AttributeDefinition, 'name' | 'type'>> = {},
): AttributeDefinition => ({
  name,
  type,
  anchor: false,
  caseExact: false,
  multivalued: false,
  required: false,
  flowNullValues: false,
  mutability: 'ReadWrite',
  defaultValue: null,
  referencedObjects: [],
  metadata: [],
  ...rest,
});

export const texts = (...names: readonly string[]): readonly AttributeDefinition[] =>
  names.map((name) => attribute(name, 'String'));

export const referencesTo = (...objectNames: readonly string[]): AttributeDefinition['referencedObjects'] =>
  objectNames.map((referencedObjectName) => ({ referencedObjectName }));

export const directory = (id: string, name: string, objects: readonly ObjectDefinition[]): DirectoryDefinition => ({
  id,
  name,
  objects,
  discoverabilities: 'None',
  discoveryDateTime: null,
  readOnly: false,
  version: null,
});
