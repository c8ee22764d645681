// What the use-cases need beyond the pipeline: templates, the tenant they create jobs for, and rules of the deployment.
import type { JobTemplate } from './template.ts';
import type { MirrorServicePrincipal } from '../../rules/model/mirror.ts';
import type { NotifierDeps } from '../notifications/deps.ts';
import type { Deps } from '../ports.ts';

export interface Templates {
  find(id: string): JobTemplate | null;
  list(): readonly JobTemplate[];
}
import type { CheckUrl } from './secret-keys.ts';

export interface UseCaseDeps extends Deps, NotifierDeps {
  readonly events: NotifierDeps['events'];
  readonly templates: Templates;
  /** Why a tenant URL may not be used, as one sentence; `null` when it may. */
  readonly checkTenantUrl: CheckUrl;
  /** Graph's alternate key: `/servicePrincipals(appId='…')`; `null` when there is none. */
  readonly servicePrincipalByAppId: (appId: string) => Promise<MirrorServicePrincipal | null>;
  /** By the object id of its application; `null` when there is none. */
  readonly servicePrincipalOfApplication: (id: string) => Promise<MirrorServicePrincipal | null>;
  /** Those with exactly this display name. */
  readonly servicePrincipalsNamed: (displayName: string) => Promise<readonly MirrorServicePrincipal[]>;
  readonly tenantId: string;
  /** Interval of a new job, in seconds. */
  readonly defaultIntervalSeconds: number;
}
