// ToUpper: upper case, one letter for one letter.
import { textOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import type { Casing } from '../text-case.ts';
import { casingOf } from '../text-case.ts';
import type { Value } from '../values.ts';

const casing = (value: Value): Casing => casingOf(textOf(value));

export const toUpper: FunctionDefinition = {
  name: 'ToUpper',
  summary: 'The source in upper case.',
  notes: [
    'The culture is a name such as tr-TR; without it, the rules of no culture in particular apply.',
    'One letter becomes one letter: ß has no capital.',
    'Null stays null; several values are converted one by one.',
  ],
  parameters: [text('source'), text('culture', { required: false, reads: casing })],
  result: 'String',
  examples: [
    { expression: 'ToUpper([country])', attributes: { country: 'us' }, result: ['US'] },
    { expression: 'ToUpper("istanbul", "tr-TR")', result: ['İSTANBUL'] },
  ],
  evaluate: (call) => {
    const { upper } = call.prepared(1, casing);
    return call.each(0, (source) => {
      call.spend(3 * source.length);
      return upper(source);
    });
  },
};
