// Graph's parseExpressionResponse, attributeMappingFunctionSchema, filterOperatorSchema and stringKeyStringValuePair.
import { z } from 'zod';
import { attributeTypes } from '../../../rules/model/schema.ts';
import { attributeMappingSource } from './schema.ts';

const problem = z
  .strictObject({
    code: z.string(),
    message: z.string(),
    target: z.string(),
    details: z.array(z.strictObject({ code: z.string(), target: z.string(), message: z.string() })),
    innerError: z.null(),
  })
  .meta({ id: 'publicError' });

export const parseExpressionResponse = z
  .strictObject({
    parsingSucceeded: z.boolean(),
    parsedExpression: attributeMappingSource.nullable(),
    evaluationSucceeded: z.boolean(),
    evaluationResult: z.array(z.string()),
    'evaluationResult@provisor.flow': z
      .string()
      .optional()
      .describe('The expression leaves its attribute or object alone: which of the two.'),
    error: problem.nullable(),
  })
  .meta({ id: 'parseExpressionResponse' });

const parameter = z.strictObject({
  name: z.string(),
  type: z.string(),
  required: z.boolean(),
  allowMultipleOccurrences: z.boolean(),
});

export const attributeMappingFunction = z
  .strictObject({ id: z.string(), name: z.string(), parameters: z.array(parameter) })
  .meta({ id: 'attributeMappingFunctionSchema' });

export const filterOperator = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    arity: z.enum(['Binary', 'Unary']),
    multivaluedComparisonType: z.enum(['All', 'Any']),
    supportedAttributeTypes: z.array(z.enum(attributeTypes)),
  })
  .meta({ id: 'filterOperatorSchema' });

export const stringKeyStringValuePair = z
  .strictObject({ key: z.string(), value: z.string() })
  .meta({ id: 'stringKeyStringValuePair' });
