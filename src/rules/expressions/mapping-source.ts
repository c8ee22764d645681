// Tree ↔ Graph's attributeMappingSource. Only given arguments are stored, keyed by parameter; the text is canonical.
import type { MappingSource } from '../model/schema.ts';
import type { CallExpression, ComparisonExpression, ConstantExpression, Expression, Keyword } from './ast.ts';
import { isCompareOperator, isKeyword } from './ast.ts';
import { findFunction } from './catalogue.ts';
import { checkCall, describeUnknownFunction, parameterAt } from './check-call.ts';
import type { FunctionDefinition, FunctionParameter } from './function-definition.ts';
import { parametersFor } from './function-definition.ts';
import type { ParseResult } from './parse.ts';
import { MAX_EXPRESSION_DEPTH, MAX_EXPRESSION_LENGTH, parseArgument, parseExpression } from './parse.ts';
import { printExpression } from './print.ts';

type StoredParameter = MappingSource['parameters'][number];

export function toMappingSource(e: Expression): MappingSource {
  switch (e.kind) {
    case 'attribute':
      return { type: 'Attribute', name: e.name, expression: printExpression(e), parameters: [] };
    case 'constant':
      return constantSource(e);
    case 'keyword':
      return { type: 'Constant', name: e.word, expression: e.word, parameters: [] };
    case 'comparison':
      return comparisonSource(e);
    case 'call':
      return { type: 'Function', name: e.name, expression: printExpression(e), parameters: storedParameters(e) };
  }
}

// Numbers are stored as text constants, whole expressions keep how they were written.
function constantSource(e: ConstantExpression): MappingSource {
  const name = String(e.value);
  return { type: 'Constant', name, expression: printExpression({ kind: 'constant', value: name }), parameters: [] };
}

function comparisonSource(e: ComparisonExpression): MappingSource {
  const parameters = [
    { key: 'left', value: toMappingSource(e.left) },
    { key: 'right', value: toMappingSource(e.right) },
  ];
  return { type: 'Function', name: e.operator, expression: printExpression(e), parameters };
}

function storedParameters(e: CallExpression): readonly StoredParameter[] {
  const definition = findFunction(e.name);
  if (definition === undefined) throw new Error(`The expression was not checked: there is no function ${e.name}.`);
  const parameters = parametersFor(definition, e.args.length);
  return e.args.flatMap((arg, index) => {
    const parameter = parameterAt(parameters, index);
    return arg === null || parameter === undefined ? [] : storedArgument(parameter, arg);
  });
}

function storedArgument(parameter: FunctionParameter, arg: Expression): readonly StoredParameter[] {
  const keys = parameter.comparisonKeys;
  if (arg.kind !== 'comparison' || keys === undefined) return [{ key: parameter.key, value: toMappingSource(arg) }];
  return [
    { key: parameter.key, value: toMappingSource(arg.left) },
    { key: keys.operator, value: toMappingSource({ kind: 'constant', value: arg.operator }) },
    { key: keys.right, value: toMappingSource(arg.right) },
  ];
}

/**
 * Reads a stored source. The expression text counts where there is one, and type and name must agree with it; otherwise
 * the tree is built from name and parameters. `at` counts from the start of the expression text, 0 without one.
 */
export function fromMappingSource(source: MappingSource): ParseResult {
  const text = source.expression ?? '';
  if (text.trim() === '') return asWhole(fromParts(source, 0));
  const parsed = parseExpression(text);
  if (!parsed.ok) return parsed;
  const problem = disagreement(source, parsed.expression);
  return problem === null ? parsed : refused(problem);
}

const refused = (message: string): ParseResult => ({ ok: false, message, at: 0 });

// Reading the printed tree again checks what the parts together must not be: a comparison alone, or too long.
function asWhole(result: ParseResult): ParseResult {
  if (!result.ok) return result;
  const read = parseExpression(printExpression(result.expression));
  return read.ok ? read : refused(read.message);
}

// What is stored is the canonical text, so that is what must be readable again.
function disagreement(source: MappingSource, e: Expression): string | null {
  const read = toMappingSource(e);
  const length = read.expression?.length ?? 0;
  if (length > MAX_EXPRESSION_LENGTH) {
    return `The expression has ${String(length)} characters in its canonical form; at most ${String(MAX_EXPRESSION_LENGTH)} are allowed.`;
  }
  if (read.type !== source.type) {
    return `The type of the source is ${source.type}, but its expression ${read.expression ?? ''} is of type ${read.type}: make the two agree.`;
  }
  if (source.name === null || source.name === read.name) return null;
  return `The name of the source is "${source.name}", but its expression is ${read.expression ?? ''}: make the two agree, or leave one of them out.`;
}

function fromParts(source: MappingSource, depth: number): ParseResult {
  const { type, name } = source;
  if (name === null)
    return refused(`The source of type ${type} has neither a name nor an expression: give one of them.`);
  if (type === 'Attribute') return attributeFromName(name);
  if (type === 'Constant') return { ok: true, expression: { kind: 'constant', value: name } };
  if (depth >= MAX_EXPRESSION_DEPTH)
    return refused(`More than ${String(MAX_EXPRESSION_DEPTH)} functions are nested in each other.`);
  return isCompareOperator(name) ? comparisonFromParts(source, depth) : callFromParts(name, source, depth);
}

function attributeFromName(name: string): ParseResult {
  const read = parseArgument(`[${name}]`);
  return !read.ok || read.expression.kind === 'attribute'
    ? read
    : refused(`"${name}" is not the name of an attribute.`);
}

/** An argument; `null` for a placeholder of a template, such as %DomainFQDN%, which is filled in when the job is set up. */
type ArgumentResult = ParseResult | { readonly ok: true; readonly expression: null };

const isPlaceholder = ({ type, name, expression }: MappingSource): boolean =>
  type === 'Constant' && expression === null && /^%[^%]*%$/.test(name ?? '');

function fromParameter({ value }: StoredParameter, parameter: FunctionParameter | null, depth: number): ArgumentResult {
  if (isPlaceholder(value)) return { ok: true, expression: null };
  const text = value.expression ?? '';
  if (text.trim() !== '') return parseArgument(text);
  const word = value.type === 'Constant' && parameter !== null ? wordOf(value.name ?? '', parameter) : null;
  return word === null ? fromParts(value, depth) : { ok: true, expression: { kind: 'keyword', word } };
}

// Bare words are stored as constants. Where one has a meaning, nobody wants its text.
function wordOf(name: string, { words, result }: FunctionParameter): Keyword | null {
  if (!isKeyword(name)) return null;
  const isFlow = name === 'IgnoreAttributeFlow' || name === 'IgnoreObjectFlow';
  return words?.includes(name) === true || (result === true && isFlow) ? name : null;
}

function comparisonFromParts(source: MappingSource, depth: number): ParseResult {
  const { name } = source;
  const [left, right] = ['left', 'right'].map((key) => source.parameters.find((p) => p.key === key));
  if (left === undefined || right === undefined || name === null || !isCompareOperator(name)) {
    return refused(`The comparison ${name ?? ''} needs the parameters left and right.`);
  }
  return compared(name, fromParameter(left, null, depth + 1), fromParameter(right, null, depth + 1));
}

function compared(operator: string, left: ArgumentResult, right: ArgumentResult): ParseResult {
  if (!left.ok) return left;
  if (!right.ok) return right;
  if (left.expression === null || right.expression === null) return refused('A side of the comparison is left out.');
  if (!isCompareOperator(operator)) return refused(`"${operator}" does not compare: use one of = <> < <= > >=.`);
  return { ok: true, expression: { kind: 'comparison', operator, left: left.expression, right: right.expression } };
}

function callFromParts(name: string, source: MappingSource, depth: number): ParseResult {
  const definition = findFunction(name);
  if (definition === undefined) return refused(describeUnknownFunction(name));
  const unknown = source.parameters.find((p) => !keysOf(definition).includes(p.key));
  if (unknown !== undefined) {
    return refused(`${name} has no parameter ${unknown.key}: its parameters are ${keysOf(definition).join(', ')}.`);
  }
  const args: (Expression | null)[] = [];
  for (const parameter of definition.parameters) {
    const given = argumentsOf(parameter, source, depth + 1);
    for (const result of given) {
      if (!result.ok) return result;
      args.push(result.expression);
    }
    if (given.length === 0 && !parameter.repeats) args.push(null);
  }
  while (definition.allSlots !== true && args.at(-1) === null) args.pop();
  const problem = checkCall(definition, args);
  return problem === null ? { ok: true, expression: { kind: 'call', name, args } } : refused(problem.message);
}

const keysOf = (definition: FunctionDefinition): readonly string[] =>
  definition.parameters.flatMap((p) =>
    p.comparisonKeys === undefined ? [p.key] : [p.key, p.comparisonKeys.operator, p.comparisonKeys.right],
  );

/** Nothing for an omitted argument, several for one that repeats. */
function argumentsOf(parameter: FunctionParameter, source: MappingSource, depth: number): readonly ArgumentResult[] {
  const stored = (key: string): readonly StoredParameter[] => source.parameters.filter((p) => p.key === key);
  const given = stored(parameter.key);
  const keys = parameter.comparisonKeys;
  const [operator] = keys === undefined ? [] : stored(keys.operator);
  const [left] = given;
  if (keys === undefined || operator === undefined || left === undefined) {
    const values = given.map((p) => fromParameter(p, parameter, depth));
    if (values.length <= 1 || parameter.repeats) return values;
    return [refused(`The parameter ${parameter.key} is given ${String(values.length)} times.`)];
  }
  const [right] = stored(keys.right);
  if (right === undefined) return [refused(`The comparison has no right side: give the parameter ${keys.right}.`)];
  return [compared(operator.value.name ?? '', fromParameter(left, null, depth), fromParameter(right, null, depth))];
}
