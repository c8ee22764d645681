// Constants in an expression that can never be right for the argument they stand in: found when the mapping is saved,
// not for each object in turn.
import type { CallExpression, Expression } from '../expressions/ast.ts';
import { constantProblem, parameterAt } from '../expressions/check-call.ts';
import { findFunction } from '../expressions/catalogue.ts';
import { wholeNumber } from '../expressions/coerce.ts';
import { parseDateTime } from '../expressions/dates/parse-loose.ts';
import { evaluate } from '../expressions/evaluate.ts';
import type { FunctionParameter } from '../expressions/function-definition.ts';
import { parametersFor } from '../expressions/function-definition.ts';
import { printExpression } from '../expressions/print.ts';
import { attributesOf } from '../expressions/references.ts';
import type { MappingContext } from './mapping-context.ts';
import { reportAt } from './mapping-context.ts';

export function validateArguments(context: MappingContext, place: string, e: Expression): void {
  if (e.kind === 'comparison') for (const side of [e.left, e.right]) validateArguments(context, place, side);
  if (e.kind !== 'call') return;
  const constant = isConstant(e) ? alwaysFails(e) : null;
  const wrong = constant === null ? wrongConstants(e) : [{ message: constant, token: e.name }];
  for (const { message, token } of wrong) {
    reportAt(context, place, message, { code: 'ExpressionInvalid', token, remedy: 'Correct the constant.' });
  }
  if (wrong.length > 0) return;
  for (const arg of e.args) if (arg !== null) validateArguments(context, place, arg);
}

const isConstant = (e: CallExpression): boolean => attributesOf(e).length === 0 && !calls(e).includes('Error');

const calls = (e: Expression): readonly string[] => {
  if (e.kind === 'comparison') return [...calls(e.left), ...calls(e.right)];
  return e.kind === 'call' ? [e.name, ...e.args.flatMap((arg) => (arg === null ? [] : calls(arg)))] : [];
};

/** An expression of constants alone is the same for everybody: what it fails with, or null. */
function alwaysFails(e: CallExpression): string | null {
  const result = evaluate(e, {
    attribute: () => null,
    now: new Date(0),
    random: () => 0,
    guid: () => '00000000-0000-0000-0000-000000000000',
    defaultDomain: 'example.com',
  });
  return result.kind === 'error' ? `${printExpression(e)} fails for every object: ${result.message}` : null;
}

function wrongConstants(e: CallExpression): readonly { readonly message: string; readonly token: string }[] {
  const definition = findFunction(e.name);
  if (definition === undefined) return [];
  const parameters = parametersFor(definition, e.args.length);
  return e.args.flatMap((arg, index) => {
    const parameter = parameterAt(parameters, index);
    if (arg?.kind !== 'constant' || parameter === undefined) return [];
    const problem = typeProblem(parameter, String(arg.value)) ?? constantProblem(parameter, String(arg.value));
    if (problem === null) return [];
    return [
      {
        message: `${parameter.name} of ${e.name} is ${printExpression(arg)}: ${problem}.`,
        token: printExpression(arg),
      },
    ];
  });
}

function typeProblem({ type }: FunctionParameter, value: string): string | null {
  if (type === 'Integer' && wholeNumber(value) === null) return 'a whole number is needed';
  if (type === 'DateTime' && parseDateTime(value) === null) return 'this is no date that can be read';
  return null;
}
