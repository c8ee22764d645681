// What one mapping makes of one object: its expression evaluated and typed as the target wants it.
import { booleanOf, integerOf, textOf } from '../expressions/coerce.ts';
import type { EvaluationScope } from '../expressions/evaluate.ts';
import { EvaluationFailure, isComplex, isNothing, listOf, single } from '../expressions/values.ts';
import type { Value } from '../expressions/values.ts';
import type { Json } from '../model/json.ts';
import type { AttributeType } from '../model/schema.ts';
import type { AppRole, Entitlement, SourceObject } from '../model/source-object.ts';
import type { CompiledMapping } from './compile.ts';
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
  readonly services: MappingServices;
}

export type MappedValue =
  /** `null` flows nothing. */
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'ignore-attribute' }
  | { readonly kind: 'ignore-object' }
  | { readonly kind: 'error'; readonly message: string };

export function mappedValue(mapping: CompiledMapping, input: MappingInput): MappedValue {
  if (mapping.evaluate === null) return { kind: 'value', value: null };
  const evaluation = mapping.evaluate(scopeOf(input));
  if (evaluation.kind === 'value') return typed(evaluation.value, mapping);
  return evaluation.kind === 'all-taken' ? { kind: 'error', message: evaluation.message } : evaluation;
}

function scopeOf({ object, softDeleted, entitlements, roles, services }: MappingInput): EvaluationScope {
  const held = new Set(entitlements.map(({ appRoleId }) => appRoleId));
  const facts = { softDeleted, roles: roles.filter(({ id }) => held.has(id)) };
  return {
    attribute: (name) => sourceValue(object, name, facts),
    now: services.now,
    random: () => services.random(),
    guid: () => services.guid(),
  };
}

/** Types a value, or a text such as a default value, as the target attribute wants it. */
export function typed(value: Value, { targetType, multivalued }: CompiledMapping): MappedValue {
  try {
    if (isNothing(value)) return { kind: 'value', value: null };
    const typedOne = (one: Value): Json => jsonOf(one, targetType);
    return { kind: 'value', value: multivalued ? listOf(value).map(typedOne) : typedOne(single(value)) };
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
