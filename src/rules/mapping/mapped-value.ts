// What one mapping makes of one object: its expression evaluated and typed as the target wants it.
import { booleanOf, integerOf, textOf } from '../expressions/coerce.ts';
import type { EvaluationScope } from '../expressions/evaluate.ts';
import { EvaluationFailure, isComplex, isNothing, listOf, single } from '../expressions/values.ts';
import type { Value } from '../expressions/values.ts';
import type { Json } from '../model/json.ts';
import type { AttributeType } from '../model/schema.ts';
import type { AppRole, Entitlement, SourceObject } from '../model/source-object.ts';
import type { CompiledMapping } from './compile-mapping.ts';
import { sourceValue } from './source-values.ts';

/** Clock and chance. */
export interface MappingServices {
  readonly now: Date;
  /** In [0, 1), from a source fit for passwords. */
  random(): number;
  guid(): string;
}
export interface MappingInput {
  readonly object: SourceObject;
  /** Out of scope for whatever reason: what IsSoftDeleted is. */
  readonly softDeleted: boolean;
  readonly entitlements: readonly Entitlement[];
  /** All roles of the application; the object holds those it is entitled to. */
  readonly roles: readonly AppRole[];
  readonly operation: 'create' | 'update';
  /** What was chosen for a new account by SelectUniqueValue, by target path. */
  readonly chosen?: ReadonlyMap<string, MappedValue>;
  /** Has another account this value at this path? Absent: nothing is taken. */
  readonly taken?: (targetPath: string, value: string) => boolean;
  readonly services: MappingServices;
}

export type MappedValue =
  /** `null` flows nothing. */
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'ignore-attribute' }
  | { readonly kind: 'ignore-object' }
  /** SelectUniqueValue found none that is free. */
  | { readonly kind: 'all-taken'; readonly candidates: readonly string[] }
  | { readonly kind: 'error'; readonly message: string };

export function mappedValue(mapping: CompiledMapping, input: MappingInput): MappedValue {
  const chosen = input.chosen?.get(mapping.targetPath);
  if (chosen !== undefined) return chosen;
  if (mapping.evaluate === null) return { kind: 'value', value: null };
  const evaluation = mapping.evaluate(scopeOf(mapping, input));
  return evaluation.kind === 'value' ? typed(evaluation.value, mapping) : evaluation;
}

/** The app roles that the object holds, each once, in the order of the application. */
export function rolesHeld({ entitlements, roles }: Pick<MappingInput, 'entitlements' | 'roles'>): readonly AppRole[] {
  const held = new Set(entitlements.map(({ appRoleId }) => appRoleId));
  return roles.filter(({ id }) => held.has(id));
}

function scopeOf({ targetPath }: CompiledMapping, input: MappingInput): EvaluationScope {
  const { object, softDeleted, services, taken } = input;
  const facts = { softDeleted, roles: rolesHeld(input) };
  return {
    attribute: (name) => sourceValue(object, name, facts),
    now: services.now,
    random: () => services.random(),
    guid: () => services.guid(),
    taken: (value) => taken?.(targetPath, value) ?? false,
  };
}

/** Types a value, or a text such as a default value, as the target attribute wants it. */
export function typed(value: Value, { targetType, multivalued, elementsAreObjects }: CompiledMapping): MappedValue {
  try {
    if (isNothing(value)) return { kind: 'value', value: null };
    const typedOne = (one: Value): Json => jsonOf(one, targetType);
    if (!multivalued) return { kind: 'value', value: typedOne(single(value)) };
    const element = (one: Value): Json =>
      elementsAreObjects && !isComplex(one) ? { value: typedOne(one) } : typedOne(one);
    return { kind: 'value', value: listOf(value).map(element) };
  } catch (failure) {
    if (failure instanceof EvaluationFailure) return { kind: 'error', message: failure.message };
    throw failure;
  }
}

function jsonOf(value: Value, type: AttributeType): Json {
  if (isComplex(value)) return value.complex;
  if (value === null || value === '') return value;
  if (type === 'Boolean') return booleanOf(value);
  if (type !== 'Integer') return textOf(value);
  const integer = integerOf(value);
  return integer === null || !Number.isSafeInteger(Number(integer)) ? textOf(value) : Number(integer);
}
