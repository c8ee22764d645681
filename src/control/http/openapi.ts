// The OpenAPI document, made from the catalogue of mounted routes, so that it cannot disagree with them.
import { z } from 'zod';
import type { CatalogueEntry } from './mount.ts';

type Document = Readonly<Record<string, unknown>>;

export function openApi(catalogue: readonly CatalogueEntry[], version: string): Document {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const entry of catalogue) {
    const path = entry.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [entry.method.toLowerCase()]: describe(entry) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Provisor', version, description: 'Graph synchronization API and operations of Provisor.' },
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } }, schemas: { Error: errorSchema } },
    security: [{ bearer: [] }],
    paths,
  };
}

function describe({ path, operation }: CatalogueEntry): Document {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
  return {
    summary: operation.summary,
    description: `Needs the role ${operation.role}.`,
    ...(names.length === 0 ? {} : { parameters: names.map(pathParameter) }),
    ...(operation.body === undefined
      ? {}
      : { requestBody: jsonContent(z.toJSONSchema(operation.body, { io: 'input', unrepresentable: 'any' })) }),
    responses: {
      [String(operation.status)]: { description: 'Done.' },
      default: { description: 'Refused.', ...jsonContent(errorReference) },
    },
  };
}

const pathParameter = (name: string | undefined): Document => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string' },
});
const jsonContent = (schema: unknown): Document => ({ content: { 'application/json': { schema } } });
const errorReference = { $ref: '#/components/schemas/Error' };
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
