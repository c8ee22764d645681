// What an account should look like: every mapping of a rule applied to one source object.
import type { DesiredAttributes } from '../model/decisions.ts';
import type { ObjectError } from '../model/errors.ts';
import type { Json } from '../model/json.ts';
import { OBJECT_FILTER } from './compile-mapping.ts';
import type { CompiledMapping } from './compile-mapping.ts';
import type { ObjectRule } from './compile.ts';
import { mappedValue, typed } from './mapped-value.ts';
import type { MappedValue, MappingInput } from './mapped-value.ts';
import { REDACTED } from './redact.ts';
import { isRead } from './source-values.ts';

export type Desired =
  | { readonly kind: 'desired'; readonly desired: DesiredAttributes }
  | { readonly kind: 'ignore-object' }
  | { readonly kind: 'error'; readonly error: ObjectError };

/**
 * Null flows nothing, unless the mapping lets it clear the target; a default value stands in for it on create only.
 * References are no part of it. The first mapping that fails fails the object: half an account is none.
 */
export function desiredAttributes(rule: ObjectRule, input: MappingInput): Desired {
  const desired = new Map<string, Json>();
  for (const mapping of rule.mappings.filter((one) => flows(one, input))) {
    const result = withDefault(mapping, mappedValue(mapping, input), input);
    if (result.kind === 'ignore-object') return result;
    if (result.kind === 'error') return { kind: 'error', error: evaluationFailed(mapping, input, result.message) };
    if (result.kind === 'all-taken') return { kind: 'error', error: allTaken(mapping, input, result.candidates) };
    const value = result.kind === 'value' ? result.value : null;
    if (isEmpty(value) && mapping.required && input.operation === 'create')
      return { kind: 'error', error: mandatoryMissing(mapping, input) };
    if (mapping.targetPath === OBJECT_FILTER) continue;
    if (result.kind === 'value' && isEmpty(value) && clears(mapping, input)) desired.set(mapping.targetPath, null);
    else if (value !== null) desired.set(mapping.targetPath, value);
  }
  return { kind: 'desired', desired: Object.fromEntries(desired) };
}

const isEmpty = (value: Json): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);

const flows = ({ flowType, unique }: CompiledMapping, { operation }: MappingInput): boolean =>
  operation === 'create' || (flowType !== 'ObjectAddOnly' && !unique);

/**
 * Only what was read can be known to be cleared. The set of all roles is written also when it is empty, for whoever is
 * assigned at all: without an assignment nothing is known of the roles that somebody should have.
 */
function clears(
  { flowsNull, roles, reads }: CompiledMapping,
  { operation, object, entitlements }: MappingInput,
): boolean {
  if (operation === 'create') return false;
  return (flowsNull && reads.every((name) => isRead(object, name))) || (roles === 'all' && entitlements.length > 0);
}

/** A mapping of type *None* has nothing but its default, and fills an attribute that stands empty on update too. */
function withDefault(mapping: CompiledMapping, result: MappedValue, { operation }: MappingInput): MappedValue {
  const applies = operation === 'create' || mapping.expression === null;
  if (result.kind !== 'value' || result.value !== null || mapping.defaultValue === null || !applies) return result;
  return typed(mapping.defaultValue, mapping);
}

export const evaluationFailed = (mapping: CompiledMapping, { object }: MappingInput, why: string): ObjectError => ({
  code: 'AttributeEvaluationFailed',
  message: `The mapping of ${mapping.targetPath} cannot be evaluated for ${object.type} ${object.id}: ${
    mapping.redacted
      ? 'the reason is not shown, because the value is redacted. Test the expression with other values'
      : why
  }`,
  attribute: mapping.targetPath,
});

const allTaken = (mapping: CompiledMapping, { object }: MappingInput, tried: readonly string[]): ObjectError => ({
  code: 'UniqueValueNotAvailable',
  message: `${object.type} ${object.id} was not created: other accounts have every value that SelectUniqueValue offers for ${mapping.targetPath} (${mapping.redacted ? REDACTED : tried.join(', ')}).`,
  attribute: mapping.targetPath,
});

const mandatoryMissing = (mapping: CompiledMapping, { object }: MappingInput): ObjectError => ({
  code: 'MandatoryFieldsMissing',
  message: `${object.type} ${object.id} cannot be created: the application requires ${mapping.targetPath}, and its mapping gives no value.`,
  attribute: mapping.targetPath,
});
