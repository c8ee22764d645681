// IsString: can the value be read as one text?
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { isComplex, isList, isNothing } from '../values.ts';
import type { Value } from '../values.ts';

const isText = (value: Value): boolean => !isNothing(value) && !isList(value) && !isComplex(value);

export const isString: FunctionDefinition = {
  name: 'IsString',
  summary: 'True when the value can be read as text; False for null and for several values.',
  parameters: [text('expression', { key: 'source' })],
  examples: [{ expression: 'IsString([mail])', attributes: { mail: 'jd@contoso.com' }, result: ['True'] }],
  evaluate: (call) => isText(call.value(0)),
};
