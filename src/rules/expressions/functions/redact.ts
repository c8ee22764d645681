// Redact: the value itself; where it is mapped, logs show `[Redact]` in its place.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const redact: FunctionDefinition = {
  name: 'Redact',
  summary: 'The value unchanged; the provisioning log shows [Redact] instead of it.',
  parameters: [text('value', { key: 'source', result: true })],
  examples: [{ expression: 'Redact([employeeId])', attributes: { employeeId: '12345' }, result: ['12345'] }],
  evaluate: (call) => call.value(0),
};
