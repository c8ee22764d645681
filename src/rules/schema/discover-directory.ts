// The target directory of a schema after the target was asked for its own: attributes come, none goes and none changes.
import type {
  AttributeDefinition,
  DirectoryDefinition,
  ObjectDefinition,
  SynchronizationSchema,
} from '../model/schema.ts';
import type { SelfDescription } from '../model/target.ts';
import { pathKey } from '../scim/path.ts';
import { sameJson } from '../scim/same-json.ts';
import type { Json } from '../model/json.ts';
import { discoverAttributes } from './discover-attributes.ts';

export interface DiscoveredDirectory {
  readonly directory: DirectoryDefinition;
  /** Names of attributes that the directory did not know. */
  readonly added: readonly string[];
}

/** `at`: as `discoveryDateTime` shows it. Objects that the directory does not know stay out: nothing could map to them. */
export function discoverDirectory(
  directory: DirectoryDefinition,
  description: SelfDescription,
  { at, version }: { readonly at: string; readonly version: string },
): DiscoveredDirectory {
  const objectsNamed = (type: string): readonly string[] =>
    directory.objects.map(({ name }) => name).filter((name) => name.toLowerCase().endsWith(type.toLowerCase()));
  const found = directory.objects.map((object) => ({
    object,
    news: newsFor(object, discoverAttributes(description, object.name, objectsNamed)),
  }));
  const objects = found.map(({ object, news }) => ({ ...object, attributes: [...object.attributes, ...news] }));
  return {
    directory: { ...directory, objects, discoverabilities: LEARNT, discoveryDateTime: at, version },
    added: found.flatMap(({ news }) => news.map(({ name }) => name)),
  };
}
const LEARNT = 'AttributeNames,AttributeDataTypes,AttributeReadOnly,ReferenceAttributes';

/** Each path once, also where the target describes it twice. */
function newsFor(
  { attributes }: ObjectDefinition,
  described: readonly AttributeDefinition[],
): readonly AttributeDefinition[] {
  const known = new Set(attributes.map(({ name }) => pathKey(name)));
  return described.filter(({ name }) => !known.has(pathKey(name)) && known.add(pathKey(name)).size > 0);
}

/** Whether two versions of a schema decide the same about every object: same rules, same definitions of what they write. */
export function decidesAlike(before: SynchronizationSchema, after: SynchronizationSchema): boolean {
  return (
    sameJson(before.synchronizationRules as unknown as Json, after.synchronizationRules as unknown as Json) &&
    JSON.stringify(definitionsUsed(before)) === JSON.stringify(definitionsUsed(after))
  );
}

function definitionsUsed({ synchronizationRules, directories }: SynchronizationSchema): readonly unknown[] {
  return synchronizationRules.flatMap(({ sourceDirectoryName, targetDirectoryName, objectMappings }) => {
    const objectsOf = (directory: string) => directories.find(({ name }) => name === directory)?.objects ?? [];
    const sources = objectsOf(sourceDirectoryName);
    return [
      sources,
      ...objectMappings.flatMap(({ targetObjectName, attributeMappings }) => {
        const used = new Set(attributeMappings.map((one) => pathKey(one.targetAttributeName)));
        const object = objectsOf(targetDirectoryName).find(
          ({ name }) => name.toLowerCase() === targetObjectName.toLowerCase(),
        );
        return object?.attributes.filter(({ name }) => used.has(pathKey(name))) ?? [];
      }),
    ];
  });
}
