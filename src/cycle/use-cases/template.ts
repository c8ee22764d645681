// Graph's synchronizationTemplate: what a job starts from. A pure record; config supplies them.
import type { KeyValue, SynchronizationSchema } from '../../rules/model/schema.ts';

export interface JobTemplate {
  readonly id: string;
  readonly applicationId: string;
  readonly default: boolean;
  readonly discoverable: boolean;
  readonly description: string;
  readonly factoryTag: string;
  /** Keys in the casing of v1.0, e.g. `ConfigurationFields`. */
  readonly metadata: readonly KeyValue[];
  /** `id` is replaced by the job's. */
  readonly schema: SynchronizationSchema;
}
