// The discovery documents of RFC 7644 §4, derived from the schemas that the server enforces.
import type { JsonObject } from '../../rules/model/json.ts';
import type { Attribute, ResourceSchema, Schema } from './attribute.ts';

export function listResponse(
  resources: readonly JsonObject[],
  totalResults = resources.length,
  startIndex = 1,
): JsonObject {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}

export function serviceProviderConfig(base: string, maxResults: number): JsonObject {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: false },
    authenticationSchemes: [
      { type: 'oauthbearertoken', name: 'Bearer token', description: 'A long-lived secret token', primary: true },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  };
}

export const resourceTypes = (base: string, resources: readonly ResourceSchema[]): readonly JsonObject[] =>
  resources.map((each) => resourceType(base, each));

function resourceType(base: string, schema: ResourceSchema): JsonObject {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: schema.type,
    name: schema.type,
    endpoint: `/${schema.endpoint}`,
    schema: schema.core.id,
    schemaExtensions: schema.extensions.map((extension) => ({ schema: extension.id, required: false })),
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${schema.type}` },
  };
}

export const schemaDocuments = (base: string, resources: readonly ResourceSchema[]): readonly JsonObject[] =>
  resources.flatMap(({ core, extensions }) => [core, ...extensions]).map((schema) => schemaDocument(base, schema));

function schemaDocument(base: string, schema: Schema): JsonObject {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id: schema.id,
    name: schema.name,
    attributes: [...schema.attributes.values()].map(attributeDocument),
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${schema.id}` },
  };
}

function attributeDocument(attribute: Attribute): JsonObject {
  const { subAttributes, canonicalValues, ...rest } = attribute;
  const facts = canonicalValues.length === 0 ? rest : { ...rest, canonicalValues };
  if (attribute.type !== 'complex') return { ...facts };
  return { ...facts, subAttributes: [...subAttributes.values()].map(attributeDocument) };
}
