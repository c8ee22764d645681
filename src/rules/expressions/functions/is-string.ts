// IsString: can the value be read as one text?
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { isComplex, isList, isNothing } from '../values.ts';
import type { Value } from '../values.ts';

const isText = (value: Value): boolean => {
  if (isNothing(value)) return false;
  if (isList(value)) return value.length === 1 && value.every(isText);
  return !isComplex(value);
};

export const isString: FunctionDefinition = {
  name: 'IsString',
  summary: 'True when the value can be read as one text.',
  notes: ['Numbers, booleans and times can; False for null and for several values.'],
  parameters: [text('expression', { key: 'source' })],
  result: 'Boolean',
  examples: [
    { expression: 'IsString([mail])', attributes: { mail: 'jd@contoso.com' }, result: ['True'] },
    { expression: 'IsString([mail])', result: ['False'] },
  ],
  evaluate: (call) => isText(call.value(0)),
};
