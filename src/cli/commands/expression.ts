// provisor expression: try an expression on values that are typed in, and look up the functions.
import { randomBytes, randomUUID } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { scim } from '../../../config/applications/scim.ts';
import { jobTemplate } from '../../../config/applications/job-template.ts';
import { tryExpression } from '../../cycle/use-cases/parse-expression.ts';
import type { ExpressionAnswer } from '../../cycle/use-cases/parse-expression.ts';
import { targetAttribute } from '../../cycle/use-cases/test-values.ts';
import type { TestAttribute, TestScalar, TestValues } from '../../cycle/use-cases/test-values.ts';
import { expressionAnswerShape } from '../../control/graph/shapes/expression.ts';
import { functionCatalogue } from '../../rules/expressions/catalogue.ts';
import { describeUnknownFunction } from '../../rules/expressions/check-call.ts';
import { pointAt } from '../caret.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { functionFacts, functionPage, functionTable } from '../function-help.ts';
import { print, printJson } from '../output.ts';
import { printable } from '../text.ts';

interface EvalOptions {
  readonly attribute: TestValues;
  readonly target?: string;
  readonly json?: boolean;
}

export function expressionCommand(): Command {
  const expression = new Command('expression').description('the language of mapping expressions');
  expression
    .command('eval <expression>')
    .description('evaluate an expression for attributes that are given')
    .option(
      '-a, --attribute <name=value>',
      'value of a source attribute; several values of one name are a list',
      attributeValue,
      new Map(),
    )
    .option('--target <name>', 'type the result as this attribute of the application wants it')
    .option('--json', "print Graph's parseExpressionResponse")
    .action((text: string, options: EvalOptions) => evaluate(text, options));
  expression
    .command('functions [name]')
    .description('all functions, or one with its parameters and examples')
    .option('--json', 'print them as data')
    .action((name: string | undefined, { json }: { json?: boolean }) =>
      name === undefined ? showAll(json ?? false) : showOne(name, json ?? false),
    );
  return expression;
}

function attributeValue(text: string, before: TestValues): TestValues {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError('Write it as name=value, such as department=Sales.');
  return new Map([...before, [name, together(before.get(name), value)]]);
}

const together = (given: TestScalar | readonly TestScalar[] | undefined, value: string) =>
  given === undefined ? value : [...listed(given), value];
const listed = (given: TestScalar | readonly TestScalar[]): readonly TestScalar[] =>
  typeof given === 'object' && given !== null ? given : [given];

function evaluate(expression: string, { attribute: values, target, json }: EvalOptions): void {
  const answer = tryExpression(chance, {
    expression,
    values,
    definition: [],
    target: target === undefined ? null : targetNamed(target),
    schema: null,
  });
  if (json) printJson(expressionAnswerShape(answer));
  else if (answer.result !== null) print(resultText(answer));
  if (answer.problem !== null) throw new CommandFailure(problemText(expression, answer.problem));
}

function targetNamed(name: string): TestAttribute {
  const found = targetAttribute(jobTemplate(scim).schema, name);
  if (found !== null) return found;
  throw new CommandFailure(
    `--target '${name}' is no attribute of a SCIM application. Leave it out to see the result as it is.`,
    exitCodes.wrongUsage,
  );
}

function showAll(json: boolean): void {
  if (json) printJson(functionCatalogue.map(functionFacts));
  else print(functionTable());
}

function showOne(name: string, json: boolean): void {
  const found = functionCatalogue.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (found === undefined) throw new CommandFailure(describeUnknownFunction(name));
  if (json) printJson(functionFacts(found));
  else print(functionPage(found));
}

const chance = {
  clock: { now: () => new Date() },
  newId: randomUUID,
  random: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
};

export function resultText({ result, flow }: Pick<ExpressionAnswer, 'result' | 'flow'>): string {
  if (flow === 'IgnoreAttributeFlow') return '(IgnoreAttributeFlow: the attribute is left as it is)';
  if (flow === 'IgnoreObjectFlow') return '(IgnoreObjectFlow: the whole object is left as it is)';
  if (result === null || result.length === 0) return '(no value)';
  return result.map(printable).join('\n');
}

const problemText = (expression: string, { message, at }: NonNullable<ExpressionAnswer['problem']>): string =>
  at === null ? message : `${message}\n${pointAt(expression, at)}`;
