// The OpenAPI document, made from the catalogue of mounted routes, so that it cannot disagree with them.
import { z } from 'zod';
import type { CatalogueEntry } from './mount.ts';

type Document = Readonly<Record<string, unknown>>;

export function openApi(catalogue: readonly CatalogueEntry[], version: string): Document {
  const components: Record<string, unknown> = { Error: errorSchema };
  const paths: Record<string, Record<string, unknown>> = {};
  for (const entry of catalogue) {
    const path = entry.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [entry.method.toLowerCase()]: describe(entry, components) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Provisor', version, description: 'Graph synchronization API and operations of Provisor.' },
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } }, schemas: components },
    security: [{ bearer: [] }],
    paths,
  };
}

function describe({ path, operation }: CatalogueEntry, components: Record<string, unknown>): Document {
  const { summary, role, body, answer, query, status } = operation;
  const parameters = [...pathParameters(path), ...(query === undefined ? [] : queryParameters(query))];
  return {
    summary,
    ...(role === 'anyone'
      ? { description: 'Needs no sign-in.', security: [] }
      : { description: `Needs the role ${role}.` }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, ...content(jsonSchema(body, 'input', components)) } }),
    responses: {
      [String(status)]: { description: 'Done.', ...(answer === undefined ? {} : answerContent(answer, components)) },
      default: { description: 'Refused.', ...content({ $ref: '#/components/schemas/Error' }) },
    },
  };
}

const answerContent = (answer: z.ZodType, components: Record<string, unknown>): Document => {
  const { contentType, ...schema } = jsonSchema(answer, 'output', components);
  return content(schema, typeof contentType === 'string' ? contentType : undefined);
};

/** Schemas with an id become components, and are referred to. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', components: Record<string, unknown>) {
  const text = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
  const { $defs, ...own } = JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')) as Record<
    string,
    unknown
  >;
  Object.assign(components, $defs);
  delete own['$schema'];
  return own;
}

const pathParameters = (path: string): readonly Document[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));

function queryParameters(query: z.ZodObject): readonly Document[] {
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

const content = (schema: unknown, type = 'application/json'): Document => ({ content: { [type]: { schema } } });
const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        target: { type: 'string' },
        details: { type: 'array', items: { type: 'object' } },
        innerError: { type: 'object' },
      },
    },
  },
};
