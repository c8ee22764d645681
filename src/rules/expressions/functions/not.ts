// Not: True becomes False, and everything else, null too, becomes True.
import { textOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { boolean } from '../function-definition.ts';

export const not: FunctionDefinition = {
  name: 'Not',
  summary: 'False when the source is True; otherwise True, also for null.',
  parameters: [boolean('source')],
  examples: [{ expression: 'Not([IsSoftDeleted])', attributes: { IsSoftDeleted: true }, result: ['False'] }],
  evaluate: (call) => !/^true$/i.test(textOf(call.value(0)) ?? ''),
};
