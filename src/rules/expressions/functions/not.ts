// Not: True becomes False, and everything else, null too, becomes True.
import type { FunctionDefinition } from '../function-definition.ts';
import { boolean } from '../function-definition.ts';

export const not: FunctionDefinition = {
  name: 'Not',
  summary: 'False when the source is True; otherwise True.',
  notes: ['True for null and for every other text; the case of True does not matter.'],
  parameters: [boolean('source')],
  result: 'Boolean',
  examples: [
    { expression: 'Not([IsSoftDeleted])', attributes: { IsSoftDeleted: true }, result: ['False'] },
    { expression: 'Not([IsSoftDeleted])', result: ['True'] },
  ],
  evaluate: (call) => {
    const texts = call.texts(0);
    return !(texts.length === 1 && /^true$/i.test(texts[0] ?? ''));
  },
};
