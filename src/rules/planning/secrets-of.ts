// What nobody may see of an object: a target may repeat any of it in a refusal, also what was not written just now.
import { mappedValue } from '../mapping/mapped-value.ts';
import type { Action } from '../model/decisions.ts';
import type { Json } from '../model/json.ts';
import { mappingInput } from './plan-input.ts';
import type { PlanInput } from './plan-input.ts';

/** Values that differ from evaluation to evaluation are those of the action. */
export function secretsOf(input: PlanInput, action: Action): readonly Json[] {
  const mapped = input.rule.mappings
    .filter(({ redacted }) => redacted)
    .map((mapping) => mappedValue(mapping, mappingInput(input, 'update')));
  const changes = 'changes' in action ? action.changes : [];
  return [
    ...mapped.flatMap((result) => (result.kind === 'value' ? [result.value] : [])),
    ...changes.flatMap(({ redacted, after }) => (redacted === undefined ? [] : [after])),
  ];
}
