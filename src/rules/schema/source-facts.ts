// What is known of the attributes of the source: those of the directory, and those that the schema itself defines.
import type { AttributeType, SynchronizationRule, SynchronizationSchema } from '../model/schema.ts';
import { sourceAttribute } from '../model/source-attributes.ts';
import type { ObjectType } from '../model/source-object.ts';

export interface AttributeFacts {
  readonly type: AttributeType;
  readonly multivalued: boolean;
}

/** Undefined for a name that the source does not have; names are case-sensitive. The schema knows the type of a directory extension. */
export function sourceFacts(
  { directories }: SynchronizationSchema,
  { sourceDirectoryName }: SynchronizationRule,
  type: ObjectType,
): (name: string) => AttributeFacts | undefined {
  const directory = directories.find(({ name }) => name === sourceDirectoryName);
  const object = directory?.objects.find(({ name }) => name.toLowerCase() === type.toLowerCase());
  const defined = new Map(object?.attributes.map((attribute) => [attribute.name, attribute]));
  return (name) => {
    const known = sourceAttribute(type, name);
    return name.startsWith('extension_') ? (defined.get(name) ?? known) : (known ?? defined.get(name));
  };
}
