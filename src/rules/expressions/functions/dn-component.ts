// DNComponent: the value of one component of a distinguished name, counted from the left from 1.
import { integerOf, mapText } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { number, text } from '../function-definition.ts';

export const dnComponent: FunctionDefinition = {
  name: 'DNComponent',
  summary:
    'The value of the component with this number of a distinguished name, counted from the left; null when there are fewer.',
  parameters: [text('dn', { key: 'source' }), number('ComponentNumber', { key: 'index' })],
  examples: [{ expression: 'DNComponent("CN=Joe,OU=Sales,DC=contoso", 1)', result: ['Joe'] }],
  evaluate: (call) => {
    const index = integerOf(call.value(1)) ?? 0n;
    return mapText(call.value(0), (dn) => (index < 1n ? null : valueOfComponent(components(dn)[Number(index) - 1])));
  },
};

/** A comma after a backslash belongs to the value. */
const components = (dn: string): readonly string[] => dn.match(/(?:\\[\s\S]|[^,\\])+/g) ?? [];

function valueOfComponent(component: string | undefined): string | null {
  if (component === undefined) return null;
  const equals = component.indexOf('=');
  return component
    .slice(equals + 1)
    .trim()
    .replaceAll(/\\([\s\S])/g, '$1');
}
