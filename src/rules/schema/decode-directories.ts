// The directory definitions of a schema document: which objects and attributes the two sides have.
import type { AttributeDefinition, DirectoryDefinition, ObjectDefinition } from '../model/schema.ts';
import { attributeTypes, mutabilities } from '../model/schema.ts';
import type { Reader } from './decode.ts';
import {
  boolean,
  flags,
  keyValues,
  objects,
  oneOf,
  optionalText,
  preserving,
  report,
  requiredText,
  textList,
} from './decode.ts';
import { attributeDefaults, referencedDefaults } from './write-schema.ts';

const discoverabilities = [
  'AttributeNames',
  'AttributeDataTypes',
  'AttributeReadOnly',
  'ReferenceAttributes',
  'UnknownFutureValue',
] as const;

export function decodeDirectory(reader: Reader): DirectoryDefinition {
  const name = requiredText(reader, 'name');
  const discovery = flags(reader, 'discoverabilities', discoverabilities, []);
  const definitions = objects(reader, 'objects', decodeObject);
  reportRepeated(reader, 'objects', definitions);
  return preserving(reader, {
    id: optionalText(reader, 'id') ?? name,
    name,
    objects: definitions,
    discoverabilities: discovery.length === 0 ? 'None' : discovery.join(','),
    discoveryDateTime: optionalText(reader, 'discoveryDateTime'),
    readOnly: boolean(reader, 'readOnly', false),
    version: optionalText(reader, 'version'),
  });
}

function decodeObject(reader: Reader): ObjectDefinition {
  const attributes = objects(reader, 'attributes', decodeAttribute);
  reportRepeated(reader, 'attributes', attributes);
  return preserving(reader, {
    name: requiredText(reader, 'name'),
    attributes,
    metadata: keyValues(reader, 'metadata'),
    supportedApis: textList(reader, 'supportedApis'),
  });
}

const decodeAttribute = (reader: Reader): AttributeDefinition =>
  preserving(
    reader,
    {
      name: requiredText(reader, 'name'),
      type: oneOf(reader, 'type', attributeTypes, 'String'),
      anchor: boolean(reader, 'anchor', false),
      caseExact: boolean(reader, 'caseExact', false),
      multivalued: boolean(reader, 'multivalued', false),
      required: boolean(reader, 'required', false),
      flowNullValues: boolean(reader, 'flowNullValues', false),
      mutability: oneOf(reader, 'mutability', mutabilities, 'ReadWrite'),
      defaultValue: optionalText(reader, 'defaultValue'),
      referencedObjects: objects(reader, 'referencedObjects', (one) =>
        preserving(one, { referencedObjectName: requiredText(one, 'referencedObjectName') }, referencedDefaults),
      ),
      metadata: keyValues(reader, 'metadata'),
    },
    attributeDefaults,
  );

/** Names must be unique in their list. */
export function reportRepeated(reader: Reader, list: string, named: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  for (const [i, { name }] of named.entries()) {
    if (name !== '' && seen.has(name))
      report(reader, `${list}[${String(i)}].name`, `The name ${name} occurs twice.`, {
        remedy: 'Remove one of them.',
      });
    seen.add(name);
  }
}
