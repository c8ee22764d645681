// The demo: five applications set up in the mock tenant through the same HTTP calls that an administrator would make, each
// in front of a simulator of its service. Repeating it changes nothing that is there already.
import { join } from 'node:path';
import { findApplication, NON_GALLERY } from '../../config/applications/index.ts';
import type { Application } from '../../config/applications/application.ts';
import { findService } from '../simulators/applications/index.ts';
import { startScimSimulator } from '../simulators/scim/start.ts';
import type { ScimSimulator } from '../simulators/scim/start.ts';
import { isFree } from './ports.ts';

interface DemoApplication {
  readonly displayName: string;
  readonly template: string;
  readonly service: string;
  readonly syncAll: boolean;
  /** Which of the tenant's security groups are assigned, when only assigned objects are provisioned. */
  readonly groups: { readonly first: number; readonly count: number };
  readonly preferredPort: number;
}

const nobody = { first: 0, count: 0 };
const five: readonly DemoApplication[] = [
  demoOf('grouptalk', { syncAll: true, groups: nobody, preferredPort: 8181 }),
  demoOf('jostle', { syncAll: false, groups: { first: 1, count: 12 }, preferredPort: 8182 }),
  demoOf('gtmhub', { syncAll: false, groups: { first: 3, count: 6 }, preferredPort: 8183 }),
  demoOf('dialpad', { syncAll: false, groups: { first: 9, count: 8 }, preferredPort: 8184 }),
  demoOf('tracktik', { syncAll: false, groups: { first: 17, count: 8 }, preferredPort: 8185 }),
];

/** Set up by the demo once; where they are, they are served on, and nowhere are they set up again. */
const earlier: readonly DemoApplication[] = ['Contoso Intranet', 'Fabrikam Projects'].map((displayName, at) => ({
  displayName,
  template: 'scim',
  service: 'generic',
  syncAll: at === 0,
  groups: nobody,
  preferredPort: 8186 + at,
}));

function demoOf(id: string, rest: Pick<DemoApplication, 'syncAll' | 'groups' | 'preferredPort'>): DemoApplication {
  return { displayName: known(id).gallery.displayName, template: id, service: id, ...rest };
}

function known(id: string): Application {
  const application = findApplication(id);
  if (application === null) throw new Error(`the demo wants the application ${id}, which is not in the table`);
  return application;
}

export interface DemoJob {
  readonly jobId: string;
  readonly displayName: string;
  readonly servicePrincipalId: string;
  readonly simulator: ScimSimulator;
}

/** Calls the engine's own API. Throws an Error with the answer when a call is refused. */
export type ApiCall = (method: 'GET' | 'POST' | 'PUT', path: string, body?: object) => Promise<unknown>;

export async function setUpDemo(call: ApiCall, dataDir: string, token: string): Promise<readonly DemoJob[]> {
  const kept = await Promise.all(
    earlier.map(async (one) => ((await findPrincipal(call, one.displayName)) === undefined ? [] : [one])),
  );
  const jobs: DemoJob[] = [];
  for (const application of [...five, ...kept.flat()]) {
    const simulator = await startSimulator(application, dataDir, token);
    jobs.push(await setUpApplication(call, application, simulator, token));
  }
  return jobs;
}

async function startSimulator(application: DemoApplication, dataDir: string, token: string): Promise<ScimSimulator> {
  const { displayName, preferredPort, service } = application;
  const rules = findService(service);
  return startScimSimulator({
    name: displayName,
    token,
    dataFile: join(dataDir, `${displayName.toLowerCase().replaceAll(' ', '-')}.scim.json`),
    port: (await isFree(preferredPort, '127.0.0.1')) ? preferredPort : 0,
    ...(rules === null ? {} : { rules }),
  });
}

async function setUpApplication(
  call: ApiCall,
  application: DemoApplication,
  simulator: ScimSimulator,
  token: string,
): Promise<DemoJob> {
  const { displayName } = application;
  const principal = (await findPrincipal(call, displayName)) ?? (await instantiate(call, application));
  const root = `/v1.0/servicePrincipals/${principal.id}/synchronization`;
  await connect(call, root, application, { url: simulator.url, token });
  const [known] = list(await call('GET', `${root}/jobs`)) as readonly { id: string }[];
  const jobId = known?.id ?? (await firstJob(call, root, application, principal, simulator));
  return { jobId, displayName, servicePrincipalId: principal.id, simulator };
}

/** Where the simulator listens may change from start to start; what else is saved stays, a changed scope too. */
async function connect(
  call: ApiCall,
  root: string,
  { syncAll }: DemoApplication,
  { url, token }: { readonly url: string; readonly token: string },
): Promise<void> {
  const saved = list(await call('GET', `${root}/secrets`)) as readonly { key: string; value: string }[];
  const ours = [
    { key: 'BaseAddress', value: url },
    { key: 'SecretToken', value: token },
  ];
  const others = saved.filter(({ key }) => !ours.some((one) => one.key === key));
  const scope = others.some(({ key }) => key === 'SyncAll') ? [] : [{ key: 'SyncAll', value: String(syncAll) }];
  await call('PUT', `${root}/secrets`, { value: [...others, ...ours, ...scope] });
}

async function firstJob(
  call: ApiCall,
  root: string,
  application: DemoApplication,
  principal: Principal,
  simulator: ScimSimulator,
): Promise<string> {
  const groups = await assign(call, principal, application);
  if (!known(application.template).users.actions.includes('Add')) await signOn(call, groups, simulator);
  const job = (await call('POST', `${root}/jobs`, { templateId: application.template })) as { id: string };
  await call('POST', `${root}/jobs/${job.id}/start`);
  return job.id;
}

interface Principal {
  readonly id: string;
  readonly appRoles: readonly { readonly id: string; readonly displayName: string }[];
}

async function findPrincipal(call: ApiCall, displayName: string): Promise<Principal | undefined> {
  const filter = encodeURIComponent(`displayName eq '${displayName}'`);
  const found = list(await call('GET', `/v1.0/servicePrincipals?$filter=${filter}`)) as readonly Principal[];
  return found[0];
}

async function instantiate(call: ApiCall, { displayName, template }: DemoApplication): Promise<Principal> {
  const { offered, applicationTemplateId } = known(template);
  const from = offered === 'gallery' ? applicationTemplateId : NON_GALLERY;
  const made = await call('POST', `/v1.0/applicationTemplates/${from}/instantiate`, { displayName });
  return (made as { servicePrincipal: Principal }).servicePrincipal;
}

/** Assigns what is not assigned yet; answers the ids of the groups. */
async function assign(
  call: ApiCall,
  { id: resourceId, appRoles }: Principal,
  { groups: { first, count }, template }: DemoApplication,
): Promise<readonly string[]> {
  if (count === 0) return [];
  const role = known(template).roles[0]?.displayName;
  const appRoleId = appRoles.find(({ displayName }) => displayName === role)?.id ?? appRoles[0]?.id;
  const path = `/v1.0/servicePrincipals/${resourceId}/appRoleAssignedTo`;
  const assigned = list(await call('GET', path)) as readonly { principalId: string }[];
  const filter = encodeURIComponent('securityEnabled eq true');
  const query = `$select=id&$filter=${filter}&$top=${String(first + count)}`;
  const groups = list(await call('GET', `/v1.0/groups?${query}`)) as readonly { id: string }[];
  // The first generated group holds everybody; assigning it would make "only assigned" the same as "all".
  const chosen = groups.slice(Math.min(first, Math.max(1, groups.length - count)), first + count).map(({ id }) => id);
  for (const principalId of chosen)
    if (!assigned.some((one) => one.principalId === principalId))
      await call('POST', path, { principalId, resourceId, appRoleId });
  return chosen;
}

/** Where accounts are not created, three of four users have signed on before. */
async function signOn(call: ApiCall, groups: readonly string[], simulator: ScimSimulator): Promise<void> {
  for (const group of groups) {
    const path = `/v1.0/groups/${group}/members/microsoft.graph.user?$select=userPrincipalName&$top=999`;
    const members = list(await call('GET', path)) as readonly { userPrincipalName: string }[];
    for (const [at, { userPrincipalName }] of members.entries()) if (at % 4 < 3) simulator.signOn(userPrincipalName);
  }
}

const list = (answer: unknown): readonly unknown[] => (answer as { value: readonly unknown[] }).value;
