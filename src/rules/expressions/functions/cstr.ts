// CStr: a value in its text form.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const cstr: FunctionDefinition = {
  name: 'CStr',
  summary: 'The value as text: numbers in decimal, booleans as True or False, times as 3/16/2020 7:00:00 AM.',
  notes: ['Null stays null; several values are converted one by one.'],
  parameters: [text('value', { key: 'source' })],
  result: 'String',
  examples: [
    { expression: 'CStr(&HFF)', result: ['255'] },
    { expression: 'CStr([a]=[b])', attributes: { a: 'x', b: 'x' }, result: ['True'] },
  ],
  evaluate: (call) => call.each(0, (value) => value),
};
