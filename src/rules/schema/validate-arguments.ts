// Arguments that can never be right where they stand, constants and results of another type: found when the mapping is
// saved, not for each object in turn.
import type { CallExpression, Expression } from '../expressions/ast.ts';
import { constantProblem, parameterAt } from '../expressions/check-call.ts';
import { findFunction } from '../expressions/catalogue.ts';
import { wholeNumber } from '../expressions/coerce.ts';
import { parseDateTime } from '../expressions/dates/parse-loose.ts';
import { evaluate } from '../expressions/evaluate.ts';
import type { FunctionParameter, ValueType } from '../expressions/function-definition.ts';
import { parametersFor } from '../expressions/function-definition.ts';
import { printExpression } from '../expressions/print.ts';
import { attributesOf } from '../expressions/references.ts';
import type { MappingContext } from './mapping-context.ts';
import { reportAt } from './mapping-context.ts';
import { neverReads, resultType } from './result-type.ts';

export function validateArguments(context: MappingContext, place: string, e: Expression): void {
  if (e.kind === 'comparison') for (const side of [e.left, e.right]) validateArguments(context, place, side);
  if (e.kind !== 'call') return;
  const constant = isConstant(e) ? alwaysFails(e) : null;
  const wrong =
    constant === null ? wrongArguments(context, e) : [{ message: constant, token: e.name, remedy: correctConstant }];
  for (const { message, token, remedy } of wrong)
    reportAt(context, place, message, { code: 'ExpressionInvalid', token, remedy });
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

interface WrongArgument {
  readonly message: string;
  readonly token: string;
  readonly remedy: string;
}
interface Wrong {
  /** The end of the sentence that begins with the argument. */
  readonly why: string;
  readonly remedy: string;
}
const correctConstant = 'Correct the constant.';

function wrongArguments(context: MappingContext, e: CallExpression): readonly WrongArgument[] {
  const definition = findFunction(e.name);
  if (definition === undefined) return [];
  const parameters = parametersFor(definition, e.args.length);
  return e.args.flatMap((arg, index) => {
    const parameter = parameterAt(parameters, index);
    if (arg === null || parameter === undefined) return [];
    const wrong = arg.kind === 'constant' ? wrongConstant(parameter, arg.value) : wrongType(context, parameter, arg);
    if (wrong === null) return [];
    const message = `${parameter.name} of ${e.name} is ${printExpression(arg)}${wrong.why}.`;
    return [{ message, token: arg.kind === 'call' ? arg.name : printExpression(arg), remedy: wrong.remedy }];
  });
}

function wrongConstant(parameter: FunctionParameter, value: string | bigint): Wrong | null {
  const problem = typeProblem(parameter, String(value)) ?? constantProblem(parameter, String(value));
  return problem === null ? null : { why: `: ${problem}`, remedy: correctConstant };
}

function wrongType(context: MappingContext, { type }: FunctionParameter, arg: Expression): Wrong | null {
  const given = resultType(context, arg);
  if (given === null || !neverReads(type, given)) return null;
  return { why: `, which is of type ${given}, not ${type}`, remedy: remedies[type] };
}

const remedies: Readonly<Record<ValueType, string>> = {
  Integer: 'Give a number: DateDiff, NumFromDate and Count make one.',
  DateTime: 'Give a date: DateFromNum makes one of a file time, CDate of a text.',
  Boolean: 'Give a comparison, or a function of type Boolean.',
  String: 'Give a text.',
};

function typeProblem({ type }: FunctionParameter, value: string): string | null {
  if (type === 'Integer' && wholeNumber(value) === null) return 'a whole number is needed';
  if (type === 'DateTime' && parseDateTime(value) === null) return 'this is no date that can be read';
  return null;
}
