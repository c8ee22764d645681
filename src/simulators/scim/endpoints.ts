// The SCIM endpoints: one request in, one answer out. Knows nothing of sockets.
import type { Json } from '../../rules/model/json.ts';
import type { ResourceSchema } from './attribute.ts';
import { listResponse, resourceTypes, schemaDocuments, serviceProviderConfig } from './discovery.ts';
import { list } from './listing.ts';
import { readProjection } from './projection.ts';
import { locationOf, render } from './rendering.ts';
import type { Application } from './resources.ts';
import { create, patch, remove, replace } from './resources.ts';
import { badRequest, errorBody, notFound, ScimError } from './scim-error.ts';
import type { ServiceRules } from './service-rules.ts';

export interface ScimRequest {
  readonly method: string;
  /** Path segments below the base, decoded. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: string;
}
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Served = Application & { readonly base: string; readonly rules: ServiceRules };

export function answer(app: Served, request: ScimRequest): Answer {
  try {
    return route(app, request);
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    return refusal(error.status, error.message, error.scimType);
  }
}

export const refusal = (status: number, detail: string, scimType: ScimError['scimType'] = null): Answer => ({
  status,
  body: JSON.stringify(errorBody(status, scimType, detail)),
});

function route(app: Served, request: ScimRequest): Answer {
  const [endpoint = '', id, ...rest] = request.segments;
  const schema = app.rules.resources.find((each) => each.endpoint === endpoint);
  if (rest.length > 0) throw notFound(`There is nothing at ${request.segments.join('/')}.`);
  if (schema === undefined) return discovery(app, request, endpoint, id ?? null);
  refuseMissing(app.rules, schema, request.method, id === undefined ? 'collection' : 'resource');
  return id === undefined ? collection(app, schema, request) : single(app, schema, request, id);
}

function refuseMissing({ refused }: ServiceRules, { type }: ResourceSchema, method: string, at: string): void {
  const refusal = refused.find((each) => each.method === method && each.type === type && each.at === at);
  if (refusal !== undefined) throw new ScimError(refusal.status, null, refusal.detail);
}

function discovery({ base, faults, rules }: Served, request: ScimRequest, endpoint: string, id: string | null): Answer {
  if (['Bulk', 'Me'].includes(endpoint)) throw new ScimError(501, null, `${endpoint} is not supported.`);
  if (!['ServiceProviderConfig', 'ResourceTypes', 'Schemas'].includes(endpoint)) {
    throw notFound(`There is no endpoint ${endpoint}.`);
  }
  if (request.method !== 'GET') throw notAllowed(request.method);
  if (endpoint === 'ServiceProviderConfig') return ok(JSON.stringify(serviceProviderConfig(base, faults().maxPage)));
  const documents =
    endpoint === 'Schemas' ? schemaDocuments(base, rules.resources) : resourceTypes(base, rules.resources);
  if (id === null) return ok(JSON.stringify(listResponse(documents)));
  const document = documents.find((each) => each['id'] === id);
  if (document === undefined) throw notFound(`${endpoint} has no ${id}.`);
  return ok(JSON.stringify(document));
}

const ok = (body: string): Answer => ({ status: 200, body });
const notAllowed = (method: string): ScimError => new ScimError(405, null, `${method} is not possible here.`);

function collection(app: Served, schema: ResourceSchema, request: ScimRequest): Answer {
  if (request.method === 'GET')
    return ok(list(app, schema, request.query, app.faults().maxPage, app.rules.filterable[schema.type]));
  if (request.method !== 'POST') throw notAllowed(request.method);
  const id = create(app, schema, readJson(request));
  return { status: 201, body: shown(app, schema, request, id), headers: { location: locationOf(app, schema, id) } };
}

function single(app: Served, schema: ResourceSchema, request: ScimRequest, id: string): Answer {
  switch (request.method) {
    case 'GET':
      if (app.store.text(schema.endpoint, id) === null) throw notFound(`${schema.type} ${id} does not exist.`);
      return ok(shown(app, schema, request, id));
    case 'PUT':
      replace(app, schema, id, readJson(request));
      return ok(shown(app, schema, request, id));
    case 'PATCH':
      patch(app, schema, id, readJson(request));
      return schema.type === 'Group' && !request.query.has('attributes')
        ? nothing
        : ok(shown(app, schema, request, id));
    case 'DELETE':
      remove(app, schema, id);
      return nothing;
    default:
      throw notAllowed(request.method);
  }
}

const nothing: Answer = { status: 204, body: '' };

const shown = (app: Served, schema: ResourceSchema, request: ScimRequest, id: string): string =>
  render(app, schema, id, readProjection(request.query, schema));

function readJson(request: ScimRequest): Json {
  const type = request.contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== 'application/scim+json' && type !== 'application/json') {
    throw new ScimError(415, null, `Content type ${type === '' ? 'nothing' : type} is not application/scim+json.`);
  }
  try {
    return JSON.parse(request.body) as Json;
  } catch {
    throw badRequest('invalidSyntax', 'The body is not valid JSON.');
  }
}
