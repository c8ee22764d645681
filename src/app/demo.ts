// The demo: two applications set up in the mock tenant through the same HTTP calls that an administrator would make,
// each in front of a SCIM simulator. Repeating it changes nothing that is there already.
import { join } from 'node:path';
import { startScimSimulator } from '../simulators/scim/start.ts';
import type { ScimSimulator } from '../simulators/scim/start.ts';
import { isFree } from './ports.ts';

const NON_GALLERY_TEMPLATE = '8adf8e6e-67b2-4cf2-a259-e3dc5476c621';
const DEFAULT_ACCESS_ROLE = 'User';

interface DemoApplication {
  readonly displayName: string;
  readonly syncAll: boolean;
  /** How many groups are assigned, when only assigned objects are provisioned. */
  readonly assignedGroups: number;
  readonly preferredPort: number;
}
const applications: readonly DemoApplication[] = [
  { displayName: 'Contoso Intranet', syncAll: true, assignedGroups: 0, preferredPort: 8181 },
  { displayName: 'Fabrikam Projects', syncAll: false, assignedGroups: 8, preferredPort: 8182 },
];

export interface DemoJob {
  readonly jobId: string;
  readonly displayName: string;
  readonly servicePrincipalId: string;
  readonly simulator: ScimSimulator;
}

/** Calls the engine's own API. Throws an Error with the answer when a call is refused. */
export type ApiCall = (method: 'GET' | 'POST' | 'PUT', path: string, body?: object) => Promise<unknown>;

export async function setUpDemo(call: ApiCall, dataDir: string, token: string): Promise<readonly DemoJob[]> {
  const jobs: DemoJob[] = [];
  for (const application of applications) {
    const simulator = await startSimulator(application, dataDir, token);
    jobs.push(await setUpApplication(call, application, simulator, token));
  }
  return jobs;
}

async function startSimulator(application: DemoApplication, dataDir: string, token: string): Promise<ScimSimulator> {
  const options = {
    name: application.displayName,
    token,
    dataFile: join(dataDir, `${slug(application.displayName)}.scim.json`),
  };
  const free = await isFree(application.preferredPort, '127.0.0.1');
  return startScimSimulator({ ...options, port: free ? application.preferredPort : 0 });
}
const slug = (name: string): string => name.toLowerCase().replaceAll(' ', '-');

async function setUpApplication(
  call: ApiCall,
  application: DemoApplication,
  simulator: ScimSimulator,
  token: string,
): Promise<DemoJob> {
  const { displayName } = application;
  const principal = (await findPrincipal(call, displayName)) ?? (await instantiate(call, application));
  const root = `/v1.0/servicePrincipals/${principal.id}/synchronization`;
  await call('PUT', `${root}/secrets`, { value: secretsFor(application, simulator, token) });
  const [known] = list(await call('GET', `${root}/jobs`)) as readonly { id: string }[];
  if (known !== undefined) return { jobId: known.id, displayName, servicePrincipalId: principal.id, simulator };
  const job = (await call('POST', `${root}/jobs`, { templateId: 'scim' })) as { id: string };
  await call('POST', `${root}/jobs/${job.id}/start`);
  return { jobId: job.id, displayName, servicePrincipalId: principal.id, simulator };
}

const secretsFor = ({ syncAll }: DemoApplication, { url }: ScimSimulator, token: string) => [
  { key: 'BaseAddress', value: url },
  { key: 'SecretToken', value: token },
  { key: 'SyncAll', value: String(syncAll) },
];

interface Principal {
  readonly id: string;
  readonly appRoles: readonly { readonly id: string; readonly displayName: string }[];
}

async function findPrincipal(call: ApiCall, displayName: string): Promise<Principal | undefined> {
  const filter = encodeURIComponent(`displayName eq '${displayName}'`);
  const found = list(await call('GET', `/v1.0/servicePrincipals?$filter=${filter}`)) as readonly Principal[];
  return found[0];
}

async function instantiate(call: ApiCall, { displayName, assignedGroups }: DemoApplication): Promise<Principal> {
  const made = await call('POST', `/v1.0/applicationTemplates/${NON_GALLERY_TEMPLATE}/instantiate`, { displayName });
  const { servicePrincipal } = made as { servicePrincipal: Principal };
  if (assignedGroups > 0) await assign(call, servicePrincipal, assignedGroups);
  return servicePrincipal;
}

async function assign(call: ApiCall, { id: resourceId, appRoles }: Principal, count: number): Promise<void> {
  const appRoleId = appRoles.find(({ displayName }) => displayName === DEFAULT_ACCESS_ROLE)?.id ?? appRoles[0]?.id;
  const filter = encodeURIComponent('securityEnabled eq true');
  const groups = list(
    await call('GET', `/v1.0/groups?$select=id&$filter=${filter}&$top=${String(count + 1)}`),
  ) as readonly { id: string }[];
  // The first generated group holds everybody; assigning it would make "only assigned" the same as "all".
  for (const { id: principalId } of groups.slice(1, count + 1))
    await call('POST', `/v1.0/servicePrincipals/${resourceId}/appRoleAssignedTo`, {
      principalId,
      resourceId,
      appRoleId,
    });
}

const list = (answer: unknown): readonly unknown[] => (answer as { value: readonly unknown[] }).value;
