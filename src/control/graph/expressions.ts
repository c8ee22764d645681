// …/schema/parseExpression, functions, filterOperators: the expression language and the filters, below jobs and templates.
import { z } from 'zod';
import { tryExpression } from '../../cycle/use-cases/parse-expression.ts';
import type { ExpressionTest } from '../../cycle/use-cases/parse-expression.ts';
import type { TestScalar } from '../../cycle/use-cases/test-values.ts';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { functionCatalogue } from '../../rules/expressions/catalogue.ts';
import { ConfigError } from '../../rules/model/errors.ts';
import { attributeTypes } from '../../rules/model/schema.ts';
import { filterOperators } from '../../rules/schema/filter-operators.ts';
import { readBody } from '../http/body.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { collection, collectionOf, entity, entityOf } from './collection.ts';
import { listQuery } from './query-options.ts';
import { attributeMappingFunction, filterOperator, parseExpressionResponse } from './resources/expression.ts';
import { schemaPlaces } from './schema-of-path.ts';
import type { SchemaPlace } from './schema-of-path.ts';
import { expressionAnswerShape, filterOperatorShape, functionShape } from './shapes/expression.ts';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const attribute = z.object({
  name: z.string().nullish(),
  type: z.enum(attributeTypes).nullish(),
  multivalued: z.boolean().nullish(),
});
const expressionTest = z.object({
  expression: z.string(),
  targetAttributeDefinition: attribute.nullish(),
  testInputObject: z
    .object({
      definition: z.object({ attributes: z.array(attribute).nullish() }).nullish(),
      properties: z
        .array(z.object({ key: z.string().min(1), value: z.union([scalar, z.array(scalar)]).optional() }))
        .nullish(),
    })
    .nullish(),
});
type ExpressionBody = z.output<typeof expressionTest>;
type AttributeBody = z.output<typeof attribute>;

export const expressionRoutes = (deps: UseCaseDeps, root: string): Readonly<Record<string, Resource>> =>
  Object.fromEntries(
    schemaPlaces(deps, root).flatMap((place): readonly (readonly [string, Resource])[] => [
      [`${place.path}/parseExpression`, { POST: parse(deps, place) }],
      [`${place.path}/functions`, { GET: functions(place) }],
      [`${place.path}/filterOperators`, { GET: operators(place) }],
    ]),
  );

const parse = (deps: UseCaseDeps, { read }: SchemaPlace): Operation => ({
  summary: 'Parse an expression and evaluate it for a test object.',
  role: 'reader',
  status: 200,
  body: expressionTest,
  answer: entityOf(parseExpressionResponse),
  handle: async (request) => {
    const { schema } = await read(request);
    const answer = tryExpression(deps, testFrom(readBody(expressionTest, request), schema));
    return entity(
      request,
      'microsoft.graph.parseExpressionResponse',
      parseExpressionResponse,
      expressionAnswerShape(answer),
    );
  },
});

const testFrom = (
  { expression, targetAttributeDefinition: target, testInputObject: input }: ExpressionBody,
  schema: ExpressionTest['schema'],
): ExpressionTest => ({
  expression,
  values: valuesFrom(input?.properties ?? []),
  definition: (input?.definition?.attributes ?? []).flatMap((each) =>
    typeof each.name === 'string' ? [{ name: each.name, ...typeFrom(each) }] : [],
  ),
  target: target === null || target === undefined ? null : typeFrom(target),
  schema,
});

const typeFrom = ({ type, multivalued }: AttributeBody) => ({
  type: type ?? ('String' as const),
  multivalued: multivalued ?? false,
});

function valuesFrom(
  properties: readonly { readonly key: string; readonly value?: TestScalar | readonly TestScalar[] | undefined }[],
): ExpressionTest['values'] {
  const values = new Map<string, TestScalar | readonly TestScalar[]>();
  for (const [index, { key, value }] of properties.entries()) {
    if (values.has(key))
      throw new ConfigError(
        'Request_BadRequest',
        `The test value of ${key} is given twice. Give several values as one list.`,
        `testInputObject/properties/${String(index)}`,
      );
    values.set(key, value ?? null);
  }
  return values;
}

const functions = ({ read }: SchemaPlace): Operation => ({
  summary: 'List the functions of the expression language.',
  role: 'reader',
  status: 200,
  answer: collectionOf(attributeMappingFunction),
  query: listQuery,
  handle: async (request) => {
    await read(request);
    return collection(
      request,
      'Collection(microsoft.graph.attributeMappingFunctionSchema)',
      attributeMappingFunction,
      functionCatalogue.map(functionShape),
    );
  },
});

const operators = ({ read }: SchemaPlace): Operation => ({
  summary: 'List the operators of scoping filters.',
  role: 'reader',
  status: 200,
  answer: collectionOf(filterOperator),
  query: listQuery,
  handle: async (request) => {
    await read(request);
    return collection(
      request,
      'Collection(microsoft.graph.filterOperatorSchema)',
      filterOperator,
      filterOperators.map(filterOperatorShape),
    );
  },
});
