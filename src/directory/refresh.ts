// One refresh of the mirror in a straight line: users, groups, assignments; then the certificate. Whatever fails ends it
// without one (invariant 2), and what was stored until then is built upon by the next.
import type { RefreshCertificate } from '../rules/model/mirror.ts';
import type { ObjectType } from '../rules/model/source-object.ts';
import { readAssignments } from './assignments.ts';
import { followDelta } from './delta-round.ts';
import type { Run } from './evidence.ts';

export interface MirrorRefresh {
  readonly tenantId: string;
  /** Graph properties to select. */
  readonly select: Readonly<Record<ObjectType, readonly string[]>>;
  readonly servicePrincipalIds: readonly string[];
}

export async function refreshMirror(run: Run, request: MirrorRefresh, now: () => Date): Promise<RefreshCertificate> {
  const { mirror, tenantId } = run;
  return mirror.exclusively(tenantId, async () => {
    await mirror.beginRefresh(tenantId, now());
    await followDelta(run, 'users', request.select.User);
    await followDelta(run, 'groups', request.select.Group);
    for (const id of new Set(request.servicePrincipalIds)) await readAssignments(run, id);
    const completedAt = now();
    const version = await mirror.completeRefresh(tenantId, completedAt);
    return { tenantId, version, completedAt, requests: run.session.requests };
  });
}
