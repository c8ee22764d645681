// What a job starts from: Graph's synchronizationTemplate, as a plain record.
import type { KeyValue, SynchronizationSchema } from '../../src/rules/model/schema.ts';

/** One field of the credentials form. */
export interface SecretField {
  /** Key in Graph's synchronizationSecret enum. */
  readonly key: string;
  readonly secret: boolean;
  readonly required: boolean;
}

export interface JobTemplate {
  /** First part of the ids of its jobs. */
  readonly id: string;
  /** The application template that offers it. */
  readonly applicationId: string;
  readonly factoryTag: string;
  readonly description: string;
  readonly default: boolean;
  readonly discoverable: boolean;
  /** Keys in the casing of v1.0. */
  readonly metadata: readonly KeyValue[];
  readonly secretFields: readonly SecretField[];
  /** Id and version are replaced when a job is created. */
  readonly schema: SynchronizationSchema;
}
