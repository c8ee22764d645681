// Graph's synchronizationTemplate: what a job starts from. A pure record; config supplies them.
import type { DirectoryServicePrincipal } from '../../rules/model/mirror.ts';
import type { KeyValue, SynchronizationSchema } from '../../rules/model/schema.ts';
import type { Dialect } from '../../rules/model/target.ts';

export interface JobTemplate {
  readonly id: string;
  /** The application template that offers it. */
  readonly applicationId: string;
  readonly default: boolean;
  readonly discoverable: boolean;
  readonly description: string;
  readonly factoryTag: string;
  /** Keys in the casing of v1.0, e.g. `ConfigurationFields`. */
  readonly metadata: readonly KeyValue[];
  /** `id` is replaced by the job's. */
  readonly schema: SynchronizationSchema;
  /** In what the application differs from `rfc`; with a name, from that dialect. */
  readonly dialect: Partial<Dialect>;
  /** Why a tenant URL may be none of this application, as one sentence; `null` when nothing speaks against it. */
  readonly tenantUrlHint: (url: string) => string | null;
  /** Settings that its jobs start with. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Entra's application that is not in the gallery. */
const NON_GALLERY = '8adf8e6e-67b2-4cf2-a259-e3dc5476c621';

/** What an application may choose from: the templates of its gallery entry, else those of an application of one's own. */
export function offeredTo(
  { applicationTemplateId }: DirectoryServicePrincipal,
  templates: readonly JobTemplate[],
): readonly JobTemplate[] {
  const own = templates.filter(({ applicationId }) => applicationId === applicationTemplateId);
  return own.length > 0 ? own : templates.filter(({ applicationId }) => applicationId === NON_GALLERY);
}
