// Graph's synchronizationTemplate with its schema inline; the two versions differ in the casing of metadata keys.
import type { JsonObject } from '../../../rules/model/json.ts';
import type { SynchronizationSchema } from '../../../rules/model/schema.ts';
import { writeSchema } from '../../../rules/schema/write-schema.ts';
import type { JobTemplate } from '../../../cycle/use-cases/template.ts';
import type { GraphVersion } from '../../http/headers.ts';

/** Keeps its capital in both versions. */
const KEPT = 'IsSynchronizationAgentAssignmentRequired';

export const templateShape = (template: JobTemplate, version: GraphVersion): JsonObject => ({
  id: template.id,
  applicationId: template.applicationId,
  default: template.default,
  description: template.description,
  discoverable: template.discoverable,
  factoryTag: template.factoryTag,
  metadata: template.metadata.map(({ key, value }) => ({ key: version === 'beta' ? betaKey(key) : key, value })),
  schema: writeSchema(templateSchema(template)),
});

/** With the id that Graph gives to the schema of a template. */
export const templateSchema = ({ id, schema }: JobTemplate): SynchronizationSchema => ({
  ...schema,
  id: `${id}.${'0'.repeat(32)}`,
});

const betaKey = (key: string): string => (key === KEPT ? key : key.charAt(0).toLowerCase() + key.slice(1));
