// What the target should hold, computed from the tenant alone: written from Entra's documentation of the default
// mappings, without a line of the engine. It remembers who was ever provisioned, because such accounts stay, disabled.
import type { TestEngine } from './engine.ts';

export interface Account {
  readonly userName: string;
  readonly active: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly manager: string | null;
}
export interface Team {
  readonly displayName: string;
  readonly externalId: string;
  readonly members: readonly string[];
}
export interface World {
  readonly accounts: Readonly<Record<string, Account>>;
  readonly teams: Readonly<Record<string, Team>>;
}

interface GraphUser {
  readonly id: string;
  readonly accountEnabled: boolean;
  readonly userPrincipalName: string;
  readonly [property: string]: unknown;
}
interface GraphGroup {
  readonly id: string;
  readonly displayName: string;
  readonly securityEnabled?: boolean;
}
interface Assignment {
  readonly principalId: string;
  readonly principalType: string;
}

const selected = [
  'id',
  'accountEnabled',
  'userPrincipalName',
  'displayName',
  'jobTitle',
  'mail',
  'preferredLanguage',
  'givenName',
  'surname',
  'officeLocation',
  'streetAddress',
  'city',
  'state',
  'postalCode',
  'country',
  'businessPhones',
  'mobilePhone',
  'faxNumber',
  'mailNickname',
  'employeeId',
  'department',
];

/** `provisioned` holds the ids of users whose account exists, by userName of the first cycle that saw them. */
export class Oracle {
  readonly provisioned = new Map<string, Account>();
  /** Graph hides soft-deleted users from members and managers, but they stay both until they are purged. */
  private readonly lastMembers = new Map<string, readonly string[]>();
  private readonly lastManager = new Map<string, string>();
  private deleted: ReadonlySet<string> = new Set();
  private readonly engine: TestEngine;
  private readonly syncAll: boolean;
  constructor(engine: TestEngine, syncAll: boolean) {
    this.engine = engine;
    this.syncAll = syncAll;
  }

  async world(): Promise<World> {
    const users = await this.all<GraphUser>(`/v1.0/users?$top=999&$select=${selected.join(',')}`);
    const groups = await this.all<GraphGroup>('/v1.0/groups?$top=999&$select=id,displayName,securityEnabled');
    this.deleted = new Set(
      (await this.all<{ id: string }>('/v1.0/directory/deletedItems/microsoft.graph.user?$top=999&$select=id')).map(
        ({ id }) => id,
      ),
    );
    const members = new Map<string, readonly string[]>();
    for (const { id } of groups) members.set(id, await this.membersOf(id));
    const assignments = this.syncAll
      ? []
      : await this.all<Assignment>(
          `/v1.0/servicePrincipals/${this.engine.servicePrincipalId}/appRoleAssignedTo?$top=999`,
        );
    const assigned = new Set(
      assignments.flatMap(({ principalId, principalType }) =>
        principalType === 'Group' ? [principalId, ...(members.get(principalId) ?? [])] : [principalId],
      ),
    );
    const inScope = (id: string) => this.syncAll || assigned.has(id);
    await this.updateAccounts(users, inScope);
    const teams = groups.filter(({ id }) => this.syncAll || assignments.some((a) => a.principalId === id));
    return {
      accounts: Object.fromEntries([...this.provisioned.values()].map((account) => [account.userName, account])),
      teams: Object.fromEntries(
        teams.map((group) => [
          group.displayName,
          this.team(group, members.get(group.id) ?? [], new Set(teams.map(({ id }) => id)), groups),
        ]),
      ),
    };
  }

  /** In scope and enabled: an account as mapped. Otherwise an existing account keeps what it has and is inactive. */
  private async updateAccounts(users: readonly GraphUser[], inScope: (id: string) => boolean): Promise<void> {
    const byId = new Map(users.map((user) => [user.id, user]));
    for (const [id, account] of this.provisioned) {
      if (byId.has(id)) continue;
      if (this.deleted.has(id)) this.provisioned.set(id, { ...account, active: false });
      else this.provisioned.delete(id);
    }
    for (const user of users) {
      if (user.accountEnabled && inScope(user.id))
        this.provisioned.set(user.id, { ...mapped(user, this.provisioned.get(user.id)), manager: null });
      else this.deactivate(user.id);
    }
    for (const user of users) if (user.accountEnabled && inScope(user.id)) await this.giveManager(user.id);
  }

  private deactivate(id: string): void {
    const account = this.provisioned.get(id);
    if (account !== undefined) this.provisioned.set(id, { ...account, active: false });
  }

  private async giveManager(id: string): Promise<void> {
    const answer = await this.engine.call<{ id: string }>('GET', `/v1.0/users/${id}/manager?$select=id`);
    const before = this.lastManager.get(id) ?? '';
    const managerId = answer.status === 200 ? answer.body.id : this.deleted.has(before) ? before : '';
    this.lastManager.set(id, managerId);
    const manager = this.provisioned.get(managerId)?.userName ?? null;
    const account = this.provisioned.get(id);
    if (account !== undefined) this.provisioned.set(id, { ...account, manager });
  }

  private async membersOf(groupId: string): Promise<readonly string[]> {
    const listed = (await this.all<{ id: string }>(`/v1.0/groups/${groupId}/members?$top=999&$select=id`)).map(
      ({ id }) => id,
    );
    const hidden = (this.lastMembers.get(groupId) ?? []).filter((id) => this.deleted.has(id));
    const members = [...new Set([...listed, ...hidden])];
    this.lastMembers.set(groupId, members);
    return members;
  }

  private team(
    group: GraphGroup,
    members: readonly string[],
    teams: ReadonlySet<string>,
    groups: readonly GraphGroup[],
  ): Team {
    const names = members.flatMap((id) => {
      const account = this.provisioned.get(id);
      if (account !== undefined) return [account.userName];
      return teams.has(id) ? [groups.find((g) => g.id === id)?.displayName ?? id] : [];
    });
    return { displayName: group.displayName, externalId: group.id, members: names.sort() };
  }

  private async all<T>(path: string): Promise<readonly T[]> {
    const page = await this.engine.ok<{ value: readonly T[]; '@odata.nextLink'?: string }>('GET', path);
    const next = page['@odata.nextLink'];
    if (next === undefined) return page.value;
    const { pathname, search } = new URL(next);
    return [...page.value, ...(await this.all<T>(`${pathname}${search}`))];
  }
}

/** A cleared attribute does not flow: the account keeps the old value, as in Entra. */
function mapped(user: GraphUser, before: Account | undefined): Account {
  const upn = restoredUpn(user.userPrincipalName);
  const text = (name: string) => (typeof user[name] === 'string' && user[name] !== '' ? user[name] : undefined);
  const [phone] = (user['businessPhones'] as string[] | undefined) ?? [];
  const formatted = [text('givenName'), text('surname')].filter((part) => part !== undefined).join(' ');
  const now = {
    displayName: text('displayName'),
    title: text('jobTitle'),
    email: text('mail'),
    preferredLanguage: text('preferredLanguage'),
    givenName: text('givenName'),
    familyName: text('surname'),
    formatted: formatted === '' ? undefined : formatted,
    office: text('officeLocation'),
    streetAddress: text('streetAddress'),
    locality: text('city'),
    region: text('state'),
    postalCode: text('postalCode'),
    country: text('country'),
    workPhone: phone,
    mobile: text('mobilePhone'),
    fax: text('faxNumber'),
    externalId: text('mailNickname'),
    employeeNumber: text('employeeId'),
    department: text('department'),
  };
  const kept = Object.fromEntries(Object.entries(now).filter(([, value]) => value !== undefined));
  return { userName: upn, active: true, attributes: { ...before?.attributes, ...kept }, manager: null };
}

/** `alias_theirdomain#EXT#@tenant` is the guest alias@theirdomain. */
function restoredUpn(upn: string): string {
  const [alias] = upn.split('#EXT#@');
  if (alias === undefined || alias === upn) return upn;
  const at = alias.lastIndexOf('_');
  return at < 0 ? alias : `${alias.slice(0, at)}@${alias.slice(at + 1)}`;
}
