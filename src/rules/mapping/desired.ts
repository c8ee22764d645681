// What an account should look like: every mapping of a rule applied to one source object.
import type { DesiredAttributes } from '../model/decisions.ts';
import type { ObjectError } from '../model/errors.ts';
import type { Json } from '../model/json.ts';
import { OBJECT_FILTER } from './compile.ts';
import type { CompiledMapping, ObjectRule } from './compile.ts';
import { mappedValue, typed } from './mapped-value.ts';
import type { MappedValue, MappingInput } from './mapped-value.ts';

export type Desired =
  | { readonly kind: 'desired'; readonly desired: DesiredAttributes }
  | { readonly kind: 'ignore-object' }
  | { readonly kind: 'error'; readonly error: ObjectError };

/**
 * Null flows nothing; a default value stands in for it on create only. References are no part of it. The first mapping
 * that fails fails the object: half an account is none.
 */
export function desiredAttributes(rule: ObjectRule, input: MappingInput): Desired {
  const desired = new Map<string, Json>();
  for (const mapping of rule.mappings.filter((one) => flows(one, input))) {
    const result = withDefault(mapping, mappedValue(mapping, input), input);
    if (result.kind === 'ignore-object') return result;
    if (result.kind === 'error') return { kind: 'error', error: evaluationFailed(mapping, input, result.message) };
    const value = result.kind === 'value' ? result.value : null;
    if ((value === null || value === '') && mapping.required && input.operation === 'create')
      return { kind: 'error', error: mandatoryMissing(mapping, input) };
    if (value !== null && mapping.targetPath !== OBJECT_FILTER) desired.set(mapping.targetPath, value);
  }
  return { kind: 'desired', desired: Object.fromEntries(desired) };
}

const flows = ({ flowType }: CompiledMapping, { operation }: MappingInput): boolean =>
  operation === 'create' || flowType !== 'ObjectAddOnly';

/** A mapping of type *None* has nothing but its default, and fills an attribute that stands empty on update too. */
function withDefault(mapping: CompiledMapping, result: MappedValue, { operation }: MappingInput): MappedValue {
  const applies = operation === 'create' || mapping.expression === null;
  if (result.kind !== 'value' || result.value !== null || mapping.defaultValue === null || !applies) return result;
  return typed(mapping.defaultValue, mapping);
}

export const evaluationFailed = (mapping: CompiledMapping, { object }: MappingInput, why: string): ObjectError => ({
  code: 'AttributeEvaluationFailed',
  message: `The mapping of ${mapping.targetPath} cannot be evaluated for ${object.type} ${object.id}: ${why}`,
  attribute: mapping.targetPath,
});

const mandatoryMissing = (mapping: CompiledMapping, { object }: MappingInput): ObjectError => ({
  code: 'MandatoryFieldsMissing',
  message: `${object.type} ${object.id} cannot be created: the application requires ${mapping.targetPath}, and its mapping gives no value.`,
  attribute: mapping.targetPath,
});
