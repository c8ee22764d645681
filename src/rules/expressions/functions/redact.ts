// Redact: the value itself; where it is mapped, logs show `[Redact]` in its place.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const redact: FunctionDefinition = {
  name: 'Redact',
  summary: 'The value unchanged; the provisioning log shows [Redact] instead of it.',
  notes: ['Null stays null, several values stay several.'],
  parameters: [text('value', { key: 'source', result: true })],
  result: 'same as source',
  examples: [{ expression: 'Redact([employeeId])', attributes: { employeeId: '12345' }, result: ['12345'] }],
  evaluate: (call) => call.value(0),
};
