// Schema documents for tests: the template as a client gets it, changed in one place.
import { scim } from '../../../config/applications/scim.ts';
import { jobTemplate } from '../../../config/applications/job-template.ts';
import type { SchemaFinding, SynchronizationSchema } from '../../../src/rules/model/schema.ts';
import { readSchema } from '../../../src/rules/schema/read-schema.ts';
import { writeSchema } from '../../../src/rules/schema/write-schema.ts';

/** JSON whose shape a test knows. */
export interface Document {
  [member: string]: unknown;
  synchronizationRules: RuleDocument[];
}
export interface RuleDocument {
  [member: string]: unknown;
  objectMappings: ObjectMappingDocument[];
}
export interface ObjectMappingDocument {
  [member: string]: unknown;
  attributeMappings: Record<string, unknown>[];
}

const scimTemplate = jobTemplate(scim);
export const current: SynchronizationSchema = { ...scimTemplate.schema, id: 'scim.t.g', version: '1.0' };
export const wire = (): Document => JSON.parse(JSON.stringify(writeSchema(current))) as Document;

export const read = (
  document: unknown,
  replacing: SynchronizationSchema | null = current,
): ReturnType<typeof readSchema> => readSchema(document, { id: 'scim.t.g', version: '1.0', current: replacing });

/** The findings after one change to the users' mapping of the template. */
export function findingsAfter(
  change: (users: ObjectMappingDocument, document: Document) => void,
): readonly SchemaFinding[] {
  const document = wire();
  change(users(document), document);
  const result = read(document);
  return result.ok ? [] : result.findings;
}

export function users(document: Document): ObjectMappingDocument {
  const mapping = document.synchronizationRules[0]?.objectMappings[0];
  if (mapping === undefined) throw new Error('the document has no mapping of users');
  return mapping;
}
export function mappingOf(mapping: ObjectMappingDocument, target: string): Record<string, unknown> {
  const found = mapping.attributeMappings.find((m) => m['targetAttributeName'] === target);
  if (found === undefined) throw new Error(`no mapping of ${target}`);
  return found;
}
export const expression = (text: string): Record<string, unknown> => ({ type: 'Function', expression: text });
