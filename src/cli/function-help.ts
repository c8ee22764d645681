// Help on the functions of the expression language, made from their own catalogue.
import { functionCatalogue } from '../rules/expressions/catalogue.ts';
import type {
  FunctionDefinition,
  FunctionExample,
  FunctionParameter,
} from '../rules/expressions/function-definition.ts';
import { renderTable } from './table.ts';

export const functionTable = (): string =>
  renderTable(
    [
      { title: 'FUNCTION', most: 60 },
      { title: 'MEANING', most: 120 },
    ],
    functionCatalogue.map((each) => [signature(each.name, each.parameters), each.summary]),
  );

/** `Name(given, optional?, repeated, …)`. */
const signature = (name: string, parameters: readonly FunctionParameter[]): string =>
  `${name}(${parameters.map(({ name: each, required, repeats }) => `${each}${required ? '' : '?'}${repeats ? ', …' : ''}`).join(', ')})`;

export function functionPage(definition: FunctionDefinition): string {
  const { name, parameters, shortForm, summary, examples } = definition;
  return [
    signature(name, parameters),
    ...(shortForm === undefined ? [] : [`${signature(name, shortForm)}  (older form)`]),
    '',
    summary,
    ...(parameters.length === 0 ? [] : ['', parameterTable(parameters)]),
    ...(examples.length === 0 ? [] : ['', 'Examples:', ...examples.map(exampleText)]),
  ].join('\n');
}

const parameterTable = (parameters: readonly FunctionParameter[]): string =>
  renderTable(
    ['PARAMETER', 'TYPE', 'GIVEN', 'STORED AS'],
    parameters.map((each) => [each.name, each.words?.join(' | ') ?? each.type, occurrence(each), each.key]),
  );

function occurrence({ required, repeats }: FunctionParameter): string {
  if (repeats) return required ? 'once or more' : 'any number of times';
  return required ? 'always' : 'optional';
}

function exampleText({ expression, attributes = {}, result }: FunctionExample): string {
  const given = Object.entries(attributes).map(
    ([name, value]) => `${name} = ${typeof value === 'object' ? value.join('; ') : String(value)}`,
  );
  const shown = result.length === 0 ? '(no value)' : result.map((text) => `"${text}"`).join('; ');
  return `  ${expression}  →  ${shown}${given.length === 0 ? '' : `  when ${given.join(', ')}`}`;
}

/** What the catalogue says, without what evaluates it. */
export const functionFacts = ({ name, summary, parameters, shortForm, examples }: FunctionDefinition) => ({
  name,
  summary,
  parameters,
  ...(shortForm === undefined ? {} : { shortForm }),
  examples,
});
