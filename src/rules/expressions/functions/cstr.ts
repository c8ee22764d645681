// CStr: a value in its text form.
import { mapText } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const cstr: FunctionDefinition = {
  name: 'CStr',
  summary: 'The value as text: numbers in decimal, booleans as True or False.',
  parameters: [text('value', { key: 'source' })],
  examples: [{ expression: 'CStr(&HFF)', result: ['255'] }],
  evaluate: (call) => mapText(call.value(0), (value) => value),
};
