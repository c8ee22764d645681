// Whether a call fits its function: number of arguments, bare words where they belong, the function's own rules.
import type { Expression } from './ast.ts';
import { functionCatalogue } from './catalogue.ts';
import type { FunctionDefinition, FunctionParameter } from './function-definition.ts';
import { parametersFor } from './function-definition.ts';
import { nearest } from './nearest.ts';

/** What is wrong with the arguments, in one sentence, or null. */
export function checkCall(definition: FunctionDefinition, args: readonly (Expression | null)[]): string | null {
  const parameters = parametersFor(definition, args.length);
  return (
    tooMany(definition, parameters, args) ??
    missing(definition, parameters, args) ??
    misplacedWord(definition, parameters, args) ??
    definition.check?.(args) ??
    null
  );
}

export function describeUnknownFunction(name: string): string {
  const near = nearest(
    name,
    functionCatalogue.map((f) => f.name),
  );
  const hint = near === undefined ? 'see the list of functions' : `did you mean ${near}? Names are case-sensitive`;
  return `There is no function ${name}: ${hint}.`;
}

/** The parameter that the argument at `index` belongs to. */
export const parameterAt = (parameters: readonly FunctionParameter[], index: number): FunctionParameter | undefined => {
  const last = parameters.at(-1);
  return parameters[index] ?? (last?.repeats === true ? last : undefined);
};

function tooMany(
  f: FunctionDefinition,
  parameters: readonly FunctionParameter[],
  args: readonly unknown[],
): string | null {
  if (args.length === 0 || parameterAt(parameters, args.length - 1) !== undefined) return null;
  return `${f.name} takes ${signature(parameters)}, but ${String(args.length)} arguments are given.`;
}

function missing(
  f: FunctionDefinition,
  parameters: readonly FunctionParameter[],
  args: readonly (Expression | null)[],
): string | null {
  const absent = parameters.find((p, i) => p.required && (args[i] ?? null) === null);
  return absent === undefined
    ? null
    : `${f.name} needs the argument ${absent.name}: it takes ${signature(parameters)}.`;
}

const signature = (parameters: readonly FunctionParameter[]): string =>
  parameters.length === 0
    ? 'no arguments'
    : `(${parameters.map((p) => `${p.name}${p.required ? '' : '?'}${p.repeats ? ', …' : ''}`).join(', ')})`;

function misplacedWord(
  f: FunctionDefinition,
  parameters: readonly FunctionParameter[],
  args: readonly (Expression | null)[],
): string | null {
  for (const [index, arg] of args.entries()) {
    const parameter = parameterAt(parameters, index);
    const problem = arg === null || parameter === undefined ? null : wordProblem(f, parameter, arg);
    if (problem !== null) return problem;
  }
  return null;
}

function wordProblem(f: FunctionDefinition, parameter: FunctionParameter, arg: Expression): string | null {
  if (parameter.words !== undefined) {
    if (arg.kind === 'keyword' && parameter.words.includes(arg.word)) return null;
    return `${parameter.name} of ${f.name} is one of the bare words ${parameter.words.join(', ')}.`;
  }
  const operands = arg.kind === 'comparison' ? [arg.left, arg.right] : [arg];
  for (const operand of operands) {
    if (operand.kind !== 'keyword' || ['True', 'False', 'NULL'].includes(operand.word)) continue;
    const isFlow = operand.word === 'IgnoreAttributeFlow' || operand.word === 'IgnoreObjectFlow';
    if (isFlow && parameter.result === true && arg.kind !== 'comparison') continue;
    return isFlow
      ? `${operand.word} can only be a result of IIF, Switch or Coalesce, not ${parameter.name} of ${f.name}.`
      : `The word ${operand.word} has no meaning as ${parameter.name} of ${f.name}.`;
  }
  return null;
}
