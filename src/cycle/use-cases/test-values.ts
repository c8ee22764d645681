// Test values of an expression: which attributes there are, and what somebody typed in, read as the attribute holds it.
import { booleanOf, integerOf } from '../../rules/expressions/coerce.ts';
import { EvaluationFailure, integer, isList, listOf } from '../../rules/expressions/values.ts';
import type { Value } from '../../rules/expressions/values.ts';
import type { AttributeType, SynchronizationSchema } from '../../rules/model/schema.ts';
import { sourceAttribute, sourceAttributes } from '../../rules/model/source-attributes.ts';
import { objectTypes } from '../../rules/model/source-object.ts';

export interface TestAttribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly multivalued: boolean;
}
/** What can be typed in as one value. */
export type TestScalar = string | number | boolean | null;
export type TestValues = ReadonlyMap<string, TestScalar | readonly TestScalar[]>;
/** `null` for an attribute that only the test knows. */
export type KnownAttributes = ReadonlyMap<string, TestAttribute | null>;

/** By name; what stands nearer to the test counts: its own definition, the job's schema, the directory as it is. */
export function knownAttributes(
  values: TestValues,
  definition: readonly TestAttribute[],
  schema: SynchronizationSchema | null,
): KnownAttributes {
  const sources = new Set((schema?.synchronizationRules ?? []).map(({ sourceDirectoryName }) => sourceDirectoryName));
  const added = (schema?.directories ?? [])
    .filter(({ name }) => sources.has(name))
    .flatMap(({ objects }) => objects.flatMap(({ attributes }) => attributes));
  const all = [...objectTypes.toReversed().flatMap(sourceAttributes), ...added, ...definition];
  return new Map<string, TestAttribute | null>([
    ...[...values.keys()].map((name) => [name, null] as const),
    ...all.map((attribute) => [attribute.name, attribute] as const),
  ]);
}

/** An attribute that the schema's target has, users before groups; names of SCIM know no case. `null` when there is none. */
export function targetAttribute(schema: SynchronizationSchema, wanted: string): TestAttribute | null {
  const targets = new Set(schema.synchronizationRules.map(({ targetDirectoryName }) => targetDirectoryName));
  const attributes = schema.directories
    .filter(({ name }) => targets.has(name))
    .flatMap(({ objects }) => objects.flatMap((object) => object.attributes));
  return attributes.find(({ name }) => name.toLowerCase() === wanted.toLowerCase()) ?? null;
}

/** Directory extensions are known by their form. */
export const isKnown = (known: KnownAttributes, name: string): boolean =>
  known.has(name) || sourceAttribute('User', name) !== undefined;

/** A text is read as the type of the attribute, because people type texts. Throws EvaluationFailure when it does not fit. */
export function testValue(values: TestValues, known: KnownAttributes, name: string): Value {
  const given = values.get(name) ?? null;
  const attribute = known.get(name) ?? null;
  const present = listOf(given).filter((value) => value !== null);
  const typed = attribute === null ? present : present.map((value) => readAs(value, attribute.type, name));
  if (attribute?.multivalued === true || isList(given)) return typed;
  return typed[0] ?? null;
}

function readAs(value: Value, type: AttributeType, name: string): Value {
  try {
    if (value === '' || typeof value !== 'string') return value;
    if (type === 'Boolean') return booleanOf(value);
    if (type !== 'Integer') return value;
    const number = integerOf(value);
    return number === null ? null : integer(number);
  } catch (failure) {
    if (!(failure instanceof EvaluationFailure)) throw failure;
    throw new EvaluationFailure(`The test value of ${name} does not fit its type ${type}: ${failure.message}`, true);
  }
}
