// Walks the engine's own client through everything that it asks of a SCIM 2.0 server, and says per capability what the
// server can do. Leaves nothing behind. Knows no test runner.
import { randomUUID } from 'node:crypto';

import type { AttributeChange } from '../../src/rules/model/decisions.ts';
import type { Json, JsonObject } from '../../src/rules/model/json.ts';
import type { KnownAttributes, ResourceType, TargetResource } from '../../src/rules/model/target.ts';
import { createBody } from '../../src/rules/scim/build.ts';
import { managerOperation, memberOperations, patchOperations } from '../../src/rules/scim/patch.ts';
import { readPath } from '../../src/rules/scim/read-path.ts';
import type { Answer } from '../../src/target/answer.ts';
import type { ScimSession } from '../../src/target/session.ts';

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const MANAGER = `${ENTERPRISE}:manager`;

export interface Finding {
  readonly capability: string;
  readonly works: boolean;
  /** Why it does not, in the client's words. */
  readonly why: string;
}

/** The paths of the default mappings, one of each kind, with a first and a second value. */
const kinds: Readonly<Record<string, readonly [path: string, first: Json, second: Json]>> = {
  'a simple attribute': ['displayName', 'Contract One', 'Contract Two'],
  'a sub-attribute': ['name.givenName', 'Ada', 'Grace'],
  'its sibling, which stays': ['name.familyName', 'Lovelace', 'Hopper'],
  'a value by type': ['emails[type eq "work"].value', 'first@contract.example', 'second@contract.example'],
  'a phone by type': ['phoneNumbers[type eq "mobile"].value', '+49 1', '+49 2'],
  'an address by type': ['addresses[type eq "work"].streetAddress', 'Street 1', 'Street 2'],
  'an external id': ['externalId', 'external-1', 'external-2'],
  'an enterprise attribute': [`${ENTERPRISE}:department`, 'Research', 'Sales'],
};

export async function walk(open: () => ScimSession): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const made: { readonly type: ResourceType; readonly id: string }[] = [];
  const note = async (capability: string, work: () => Promise<string | null>): Promise<void> => {
    const why = await work().catch((error: unknown) => (error instanceof Error ? error.message : 'unknown'));
    findings.push({ capability, works: why === null, why: why ?? '' });
  };
  const tour = new Tour(open(), made, note);
  await tour.connection();
  await tour.users();
  await tour.groups();
  await tour.paging();
  await tour.ending();
  for (const { type, id } of made) await open().remove(type, id);
  return findings;
}

type Note = (capability: string, work: () => Promise<string | null>) => Promise<void>;

/** One visit; each part builds on the accounts of the parts before it. */
class Tour {
  private readonly run = randomUUID().slice(0, 8);
  private ada = '';
  private bob = '';
  private team = '';
  private readonly session: ScimSession;
  private readonly made: { readonly type: ResourceType; readonly id: string }[];
  private readonly note: Note;
  constructor(session: ScimSession, made: { readonly type: ResourceType; readonly id: string }[], note: Note) {
    this.session = session;
    this.made = made;
    this.note = note;
  }

  async connection(): Promise<void> {
    await this.note('connection test', async () => {
      await this.session.testConnection('userName');
      return null;
    });
  }

  async users(): Promise<void> {
    await this.note('create a user', async () => {
      this.ada = await this.create('User', { userName: this.name('ada'), active: true });
      return null;
    });
    await this.note('match by userName', () => this.matches('User', 'userName', this.name('ada'), this.ada));
    await this.note('match in another case', () =>
      this.matches('User', 'userName', this.name('ada').toUpperCase(), this.ada),
    );
    await this.note('absent is an empty list', () => this.matches('User', 'userName', this.name('nobody'), null));
    const stands: Record<string, Json> = {};
    for (const [kind, [path, first, second]] of Object.entries(kinds)) {
      await this.note(`add ${kind}`, () => this.writes(path, first, stands));
      await this.note(`replace ${kind}`, () => this.writes(path, second, stands));
    }
    await this.note('keep what was not written', () => this.holds(stands));
    await this.note('match by externalId', () => this.matches('User', 'externalId', 'external-2', this.ada));
    await this.note('disable', () => this.writes('active', false, { active: true }));
    await this.note('find a disabled user', () => this.matches('User', 'userName', this.name('ada'), this.ada));
    await this.note('restore', () => this.writes('active', true, { active: false }));
    await this.note('rename a user', () => this.writes('userName', this.name('ada2'), { userName: this.name('ada') }));
    await this.note('refuse a second user of one name', async () => {
      this.bob = await this.create('User', { userName: this.name('bob'), active: true });
      const twin = await this.session.create('User', this.body('User', { userName: this.name('bob'), active: true }));
      if (twin.ok) this.made.push({ type: 'User', id: twin.value.id });
      return twin.ok ? 'it made two' : twin.error.code === 'Conflict' ? null : twin.error.message;
    });
    await this.note('set, change and clear a manager', () => this.managers());
  }

  private async managers(): Promise<string | null> {
    const set = await this.session.patch('User', this.ada, [managerOperation(MANAGER, this.bob, null)]);
    if (!set.ok) return set.error.message;
    const wrong = await this.holds({ [MANAGER]: { value: this.bob } });
    if (wrong !== null) return wrong;
    const cleared = await this.session.patch('User', this.ada, [managerOperation(MANAGER, null, this.bob)]);
    if (!cleared.ok) return cleared.error.message;
    const value = readPath(await this.read('User', this.ada), `${MANAGER}.value`);
    return value === undefined || value === null ? null : `the manager is still ${JSON.stringify(value)}`;
  }

  async groups(): Promise<void> {
    await this.note('create a group', async () => {
      this.team = await this.create('Group', { displayName: this.name('Team') });
      return null;
    });
    if (this.team === '') return;
    await this.note('match a group by displayName', () =>
      this.matches('Group', 'displayName', this.name('Team'), this.team),
    );
    await this.note('add members', () => this.changesMembers([this.ada, this.bob], [], [this.ada, this.bob]));
    await this.note('remove one member and no other', () => this.changesMembers([], [this.ada], [this.bob]));
    await this.note('add and remove in one request', () => this.changesMembers([this.ada], [this.bob], [this.ada]));
    await this.note('rename a group, keeping its members', async () => {
      const change: AttributeChange = { path: 'displayName', op: 'replace', before: '', after: this.name('Crew') };
      const renamed = await this.session.patch('Group', this.team, patchOperations([change], {}));
      if (!renamed.ok) return renamed.error.message;
      const group = await this.read('Group', this.team);
      if (group['displayName'] !== this.name('Crew')) return `it is called ${JSON.stringify(group['displayName'])}`;
      return this.membersAre([this.ada]);
    });
    await this.note('remove the last member', () => this.changesMembers([], [this.ada], []));
  }

  async paging(): Promise<void> {
    await this.note('find one of many', async () => {
      for (let n = 0; n < 25; n += 1)
        await this.create('User', { userName: this.name(`many-${String(n)}`), active: true });
      return this.matches('User', 'userName', this.name('many-24'), this.made.at(-1)?.id ?? null);
    });
  }

  async ending(): Promise<void> {
    if (this.team !== '') await this.note('delete a group', () => this.deletes('Group', this.team));
    await this.note('delete a user', () => this.deletes('User', this.bob));
    await this.note('delete it again', async () => {
      const answer = await this.session.remove('User', this.bob);
      return answer.ok ? null : answer.error.message;
    });
    await this.note('a change of what is gone is a lost anchor', async () => {
      const change: AttributeChange = { path: 'displayName', op: 'replace', before: 'a', after: 'b' };
      const answer = await this.session.patch('User', this.bob, patchOperations([change], {}));
      return !answer.ok && answer.error.code === 'InvalidAnchor' ? null : 'it did not answer 404';
    });
  }

  private name(text: string): string {
    return `${text}-${this.run}@contract.example`;
  }

  private body(type: ResourceType, desired: Readonly<Record<string, Json>>): JsonObject {
    return createBody(type, `${CORE}${type}`, desired, this.session.dialect.create);
  }

  private async create(type: ResourceType, desired: Readonly<Record<string, Json>>): Promise<string> {
    const { id } = valueOf(await this.session.create(type, this.body(type, desired)));
    this.made.push({ type, id });
    return id;
  }

  private async read(type: ResourceType, id: string): Promise<JsonObject> {
    return valueOf(await this.session.get(type, id)).attributes;
  }

  private async matches(type: ResourceType, targetPath: string, value: string, id: string | null) {
    const found = valueOf(await this.session.find(type, { targetPath, value, priority: 1 }));
    const ids = found.map((resource: TargetResource) => resource.id);
    return JSON.stringify(ids) === JSON.stringify(id === null ? [] : [id])
      ? null
      : `found ${String(ids.length)} accounts`;
  }

  /** Writes it as the engine would, knowing what stands there, and reads it back. */
  private async writes(path: string, after: Json, stands: Record<string, Json>): Promise<string | null> {
    const before = stands[path] ?? null;
    const change: AttributeChange = { path, op: before === null ? 'add' : 'replace', before, after };
    const known: KnownAttributes = { ...stands };
    const answer = await this.session.patch('User', this.ada, patchOperations([change], known));
    if (!answer.ok) return answer.error.message;
    stands[path] = after;
    return this.holds({ [path]: after });
  }

  private async holds(wanted: Readonly<Record<string, Json>>): Promise<string | null> {
    const resource = await this.read('User', this.ada);
    for (const [path, value] of Object.entries(wanted)) {
      const found = path === MANAGER ? { value: readPath(resource, `${path}.value`) } : readPath(resource, path);
      if (JSON.stringify(found) !== JSON.stringify(value))
        return `${path} is ${found === undefined ? 'not there' : JSON.stringify(found)}`;
    }
    return null;
  }

  private async changesMembers(add: readonly string[], remove: readonly string[], left: readonly string[]) {
    for (const operations of memberOperations({ add, remove }, this.session.dialect.membersPerPatch)) {
      const answer = await this.session.patch('Group', this.team, operations);
      if (!answer.ok) return answer.error.message;
    }
    return this.membersAre(left);
  }

  private async membersAre(wanted: readonly string[]): Promise<string | null> {
    const { members = [] } = await this.read('Group', this.team);
    const ids = (members as readonly { readonly value: string }[]).map(({ value }) => value).sort();
    return JSON.stringify(ids) === JSON.stringify([...wanted].sort()) ? null : `its members are ${JSON.stringify(ids)}`;
  }

  private async deletes(type: ResourceType, id: string): Promise<string | null> {
    const answer = await this.session.remove(type, id);
    if (!answer.ok) return answer.error.message;
    const after = await this.session.get(type, id);
    return after.ok ? 'it is still there' : null;
  }
}

function valueOf<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value;
}
