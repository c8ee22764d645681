// Graph's parseExpressionResponse, attributeMappingFunctionSchema and filterOperatorSchema.
import type { ExpressionAnswer, ExpressionProblem } from '../../../cycle/use-cases/parse-expression.ts';
import type { FunctionDefinition, FunctionParameter } from '../../../rules/expressions/function-definition.ts';
import type { JsonObject } from '../../../rules/model/json.ts';
import type { FilterOperator } from '../../../rules/schema/filter-operators.ts';
import { writeMappingSource } from '../../../rules/schema/write-schema.ts';

/** An expression that leaves its attribute or object alone has no result; the annotation says which of the two. */
export const expressionAnswerShape = ({ parsed, result, flow, problem }: ExpressionAnswer): JsonObject => ({
  parsingSucceeded: parsed !== null,
  parsedExpression: parsed === null ? null : writeMappingSource(parsed),
  evaluationSucceeded: result !== null,
  evaluationResult: result ?? [],
  ...(flow === null ? {} : { 'evaluationResult@provisor.flow': flow }),
  error: problem === null ? null : problemShape(problem),
});

const problemShape = ({ code, message, at }: ExpressionProblem): JsonObject => ({
  code,
  message: at === null ? message : `${message} (at character ${String(at + 1)})`,
  target: 'expression',
  details: at === null ? [] : [{ code: 'Position', target: 'expression', message: String(at + 1) }],
  innerError: null,
});

/** Graph's documents show the key of these entities as `name`, its metadata as `id`: both are there. */
export const functionShape = ({ name, parameters }: FunctionDefinition): JsonObject => ({
  id: name,
  name,
  parameters: parameters.flatMap(parameterShapes),
});

/** As arguments are stored: a comparison takes three slots. */
function parameterShapes(parameter: FunctionParameter): readonly JsonObject[] {
  const { key, type, required, repeats, comparisonKeys } = parameter;
  const shape = (name: string, isRequired: boolean, of: string): JsonObject => ({
    name,
    type: of,
    required: isRequired,
    allowMultipleOccurrences: repeats,
  });
  const own = shape(key, required, type);
  if (comparisonKeys === undefined) return [own];
  return [own, shape(comparisonKeys.operator, false, 'String'), shape(comparisonKeys.right, false, 'String')];
}

export const filterOperatorShape = ({ name, arity, types }: FilterOperator): JsonObject => ({
  id: name,
  name,
  arity,
  multivaluedComparisonType: 'All',
  supportedAttributeTypes: types,
});
