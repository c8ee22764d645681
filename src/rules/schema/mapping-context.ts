// What the checks of one object mapping may look up: the attributes of its two sides.
import type { Expression } from '../expressions/ast.ts';
import { fromMappingSource } from '../expressions/mapping-source.ts';
import { nearest } from '../expressions/nearest.ts';
import type {
  AttributeDefinition,
  AttributeMapping,
  ObjectDefinition,
  ObjectMapping,
  SynchronizationRule,
  SynchronizationSchema,
} from '../model/schema.ts';
import { sourceAttributes } from '../model/source-attributes.ts';
import { pathKey } from '../scim/path.ts';
import { finding, isReported } from './finding.ts';
import type { Finding, FindingRest } from './finding.ts';
import { sourceFacts } from './source-facts.ts';
import type { AttributeFacts } from './source-facts.ts';

export interface MappingContext {
  readonly mapping: ObjectMapping;
  /** JSON path of the object mapping. */
  readonly path: string;
  readonly findings: Finding[];
  /** What was sent. */
  readonly document: unknown;
  /** Undefined for a name that the source does not have; names are case-sensitive. */
  source(name: string): AttributeFacts | undefined;
  /** Why a name is no source attribute, and the nearest ones that are. */
  unknownSource(name: string): { readonly message: string; readonly remedy: string };
  /** The source directory lets null of this attribute flow. */
  flowsNull(name: string): boolean;
  /** By `pathKey`. Null when the target directory does not describe this object. */
  readonly target: ReadonlyMap<string, AttributeDefinition> | null;
}

export function contextOf(
  schema: SynchronizationSchema,
  rule: SynchronizationRule,
  at: Pick<MappingContext, 'mapping' | 'path' | 'findings' | 'document'>,
): MappingContext {
  const type = at.mapping.sourceObjectName;
  const defined = objectOf(schema, rule.sourceDirectoryName, type)?.attributes ?? [];
  const definitions = new Map(defined.map((attribute) => [attribute.name, attribute]));
  const target = objectOf(schema, rule.targetDirectoryName, at.mapping.targetObjectName);
  return {
    ...at,
    source: sourceFacts(schema, rule, type),
    flowsNull: (name) => definitions.get(name)?.flowNullValues === true,
    unknownSource: (name) => {
      const near = nearest(name, [...sourceAttributes(type).map((a) => a.name), ...definitions.keys()]);
      const hint =
        near === undefined
          ? 'Choose another one, or define it in the source directory of the schema.'
          : `Did you mean ${near}?`;
      const message = `The directory has no attribute ${name} for objects of type ${type} (names are case-sensitive).`;
      return { message, remedy: hint };
    },
    target: target === undefined ? null : new Map(target.attributes.map((a) => [pathKey(a.name), a])),
  };
}

const objectOf = (schema: SynchronizationSchema, directory: string, object: string): ObjectDefinition | undefined =>
  schema.directories
    .find((d) => d.name === directory)
    ?.objects.find((o) => o.name.toLowerCase() === object.toLowerCase());

export const reportAt = (
  { path, findings }: MappingContext,
  place: string,
  message: string,
  rest: FindingRest = {},
): void => {
  findings.push(finding(`${path}.${place}`, message, rest));
};

/** For what can be saved: says nothing of a place where an error was found. */
export const warnAt = (context: MappingContext, place: string, message: string, rest: FindingRest): void => {
  if (!isReported(context.findings, `${context.path}.${place}`))
    reportAt(context, place, message, { ...rest, severity: 'warning' });
};

/** Null without a source, and for one that was refused when it was read. */
export function expressionOf({ source }: AttributeMapping): Expression | null {
  if (source === null) return null;
  const parsed = fromMappingSource(source);
  return parsed.ok ? parsed.expression : null;
}
