// Whether a call fits its function: number of arguments, bare words where they belong, the function's own rules.
import type { Expression } from './ast.ts';
import { functionCatalogue } from './catalogue.ts';
import { integerOf } from './coerce.ts';
import type { ArgumentProblem, FunctionDefinition, FunctionParameter } from './function-definition.ts';
import { parametersFor } from './function-definition.ts';
import { nearest } from './nearest.ts';
import { foreignFunction } from './other-languages.ts';
import { EvaluationFailure } from './values.ts';

type Arguments = readonly (Expression | null)[];

/** What is wrong with the arguments, or null. */
export function checkCall(definition: FunctionDefinition, args: Arguments): ArgumentProblem | null {
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
  const elsewhere = connectOnly[name];
  if (elsewhere !== undefined) {
    return `${name} belongs to Entra Connect and is not part of the language of provisioning: ${elsewhere}.`;
  }
  const instead = foreignFunction(name);
  if (instead !== undefined) return `There is no function ${name}: ${instead}.`;
  const near = nearest(
    name,
    functionCatalogue.map((f) => f.name),
  );
  const hint = near === undefined ? 'see the list of functions' : `did you mean ${near}? Names are case-sensitive`;
  return `There is no function ${name}: ${hint}.`;
}

const conditions = 'compare with = and use IIF or Switch';
const noSubstitute = 'do this where the attribute comes from';
/** Functions of another dialect, with what to use instead. */
const connectOnly: Readonly<Record<string, string>> = {
  CNum: 'numbers in texts are read wherever a number is expected',
  CRef: 'map the reference attribute directly',
  CGuid: noSubstitute,
  ConvertFromUTF8Hex: noSubstitute,
  Contains: 'use InStr',
  ItemOrNull: 'use Item behind a test of Count',
  LCase: 'use ToLower',
  UCase: 'use ToUpper',
  Len: 'use Left or Mid, which take texts of any length',
  LTrim: 'use Trim',
  RTrim: 'use Trim',
  Right: 'use Replace with a regular expression such as "^.*(?<end>.{4})$"',
  PadLeft: 'use Replace with Join, as in Replace(Join("", "000", [a]), , "^.*(?<end>.{3})$", , "${end}", , )',
  PadRight: 'use Left with Join, as in Left(Join("", [a], "000"), 3)',
  InStrRev: 'use Replace with a regular expression',
  ReplaceChars: 'use NormalizeDiacritics, or Replace with a regular expression',
  RandomNum: 'use RandomString',
  BitOr: noSubstitute,
  IsBitSet: 'use BitAnd',
  IsDate: conditions,
  IsEmpty: 'use IsNullOrEmpty',
  IsGuid: conditions,
  IsNumeric: conditions,
  EscapeDNComponent: noSubstitute,
  DNComponentRev: 'use DNComponent',
  Select: noSubstitute,
  Where: noSubstitute,
  With: noSubstitute,
  StringFromGuid: noSubstitute,
};

/** The parameter that the argument at `index` belongs to. */
export const parameterAt = (parameters: readonly FunctionParameter[], index: number): FunctionParameter | undefined => {
  const last = parameters.at(-1);
  return parameters[index] ?? (last?.repeats === true ? last : undefined);
};

function tooMany(
  f: FunctionDefinition,
  parameters: readonly FunctionParameter[],
  args: Arguments,
): ArgumentProblem | null {
  if (args.length === 0 || parameterAt(parameters, args.length - 1) !== undefined) return null;
  return {
    message: `${f.name} takes ${signatureOf(parameters)}, but ${String(args.length)} arguments are given.`,
    argument: parameters.length,
  };
}

function missing(
  f: FunctionDefinition,
  parameters: readonly FunctionParameter[],
  args: Arguments,
): ArgumentProblem | null {
  const absent = parameters.findIndex((p, i) => p.required && (args[i] ?? null) === null);
  if (absent < 0) return null;
  const message = `${f.name} needs the argument ${parameters[absent]?.name ?? ''}: it takes ${signatureOf(parameters)}.`;
  return absent < args.length ? { message, argument: absent } : { message };
}

/** The parameters as they are shown: `(source, culture?)`. */
export const signatureOf = (parameters: readonly FunctionParameter[]): string =>
  parameters.length === 0
    ? 'no arguments'
    : `(${parameters.map((p) => `${p.name}${p.required ? '' : '?'}${p.repeats ? ', …' : ''}`).join(', ')})`;

function misplacedWord(
  f: FunctionDefinition,
  parameters: readonly FunctionParameter[],
  args: Arguments,
): ArgumentProblem | null {
  for (const [argument, arg] of args.entries()) {
    const parameter = parameterAt(parameters, argument);
    if (arg === null || parameter === undefined) continue;
    const message = wordProblem(f, parameter, arg);
    if (message !== null) return { message, argument };
  }
  return null;
}

function wordProblem(f: FunctionDefinition, parameter: FunctionParameter, arg: Expression): string | null {
  if (parameter.words !== undefined) {
    if (arg.kind === 'keyword' && parameter.words.includes(arg.word)) return null;
    return `${parameter.name} of ${f.name} is one of the bare words ${parameter.words.join(', ')}: write it without quotes.`;
  }
  const operands = arg.kind === 'comparison' ? [arg.left, arg.right] : [arg];
  for (const operand of operands) {
    if (operand.kind !== 'keyword' || ['True', 'False', 'NULL'].includes(operand.word)) continue;
    const isFlow = operand.word === 'IgnoreAttributeFlow' || operand.word === 'IgnoreObjectFlow';
    if (isFlow && parameter.result === true && arg.kind !== 'comparison') continue;
    return isFlow
      ? `${operand.word} can only be a result of IIF, Switch or Coalesce, not ${parameter.name} of ${f.name}.`
      : `The word ${operand.word} has no meaning as ${parameter.name} of ${f.name}: put it in quotes if it is meant as text.`;
  }
  return null;
}

/** Why this argument can never have this value, as the end of a sentence; null when it may. */
export function constantProblem({ reads, type }: FunctionParameter, value: string): string | null {
  const read = reads ?? (type === 'Integer' ? integerOf : undefined);
  try {
    read?.(value);
    return null;
  } catch (failure) {
    if (failure instanceof EvaluationFailure) return failure.message.replace(/\.$/, '');
    throw failure;
  }
}
