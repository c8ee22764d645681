// DNComponent: the value of one component of a distinguished name, counted from the left from 1.
import type { FunctionDefinition } from '../function-definition.ts';
import { number, text } from '../function-definition.ts';

export const dnComponent: FunctionDefinition = {
  name: 'DNComponent',
  summary: 'The value of the component with this number of a distinguished name, counted from the left from 1.',
  notes: ['Null when the name has fewer components.', 'Several names are taken apart one by one.'],
  dialect: 'cloud-sync',
  parameters: [text('dn', { key: 'source' }), number('ComponentNumber', { key: 'index' })],
  result: 'String',
  examples: [{ expression: 'DNComponent("CN=Joe,OU=Sales,DC=contoso", 1)', result: ['Joe'] }],
  evaluate: (call) => {
    const index = call.integer(1) ?? 0n;
    return call.each(0, (dn) => {
      call.spend(2 * dn.length);
      return index < 1n ? null : valueOfComponent(components(dn)[Number(index) - 1]);
    });
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
