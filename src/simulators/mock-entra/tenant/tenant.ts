// The parameters of a generated tenant. Everything else about it is computed from them.
import { createIdCodec, type IdCodec } from './ids.ts';

export interface Tenant {
  readonly id: string;
  readonly seed: number;
  /** Number of generated users and groups; created ones come on top. */
  readonly users: number;
  readonly groups: number;
  readonly ids: IdCodec;
}

/** Every mock tenant has this id unless told otherwise, so that a client can be configured before the mock runs. */
export const MOCK_TENANT_ID = '9c0d3b4e-5f1a-4c7d-8e2b-6a1f0d9c3e57';
export const domain = 'contoso.example';

export interface TenantParameters {
  readonly seed: number;
  readonly users: number;
  readonly groups: number;
  readonly tenantId?: string | undefined;
}

export function createTenant({ seed, users, groups, tenantId }: TenantParameters): Tenant {
  const ids = createIdCodec(seed);
  return { id: tenantId ?? MOCK_TENANT_ID, seed, users, groups, ids };
}
