// Groups in groups: who is entitled, who is a member, who is looked at again; compared with a walk over the graph in memory.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../src/rules/model/job.ts';
import type { MirrorMembership } from '../../src/rules/model/mirror.ts';
import { noReads } from '../../src/rules/scoping/scope-reads.ts';
import type { ScopeReads } from '../../src/rules/scoping/scope-reads.ts';
import { group, jobId, member, openWorld, servicePrincipalId, tenantId, user } from './world.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const nest = (outer: string, inner: string, present = true): MirrorMembership => ({
  ...member(outer, inner, present),
  memberType: 'Group',
});
const assign = (...groups: readonly string[]) =>
  world.store.mirror.saveAssignments(
    tenantId,
    servicePrincipalId,
    groups.map((id) => ({ id: `a-${id}`, principalId: id, principalType: 'Group' as const, appRoleId: `role-${id}` })),
  );
const following = (value = 'True'): Promise<Job> =>
  world.store.jobs.update(jobId, { settings: { NestedGroups: value } });
const settled = async () => world.store.jobs.update(jobId, { watermark: await world.version() });
const deleted = (id: string) => ({ id, type: 'Group' as const, presence: 'soft-deleted' as const });

/** What an incremental cycle looks at, with these reads of filters. */
async function looksAt(phase: 'users' | 'references', reads: ScopeReads = noReads): Promise<readonly string[]> {
  const cycle = await world.begin('incremental');
  const ids = await world.store.cycles.cutPages(cycle.id, phase, reads);
  const pages = await Promise.all(ids.map((id) => world.store.cycles.page(id)));
  await world.finish(cycle, cycle.to ?? 0);
  return pages.flatMap((page) => page?.objectIds ?? []);
}
async function entitled(job: Job, ...users: readonly string[]) {
  const found = await world.store.provisioning.candidates(job, users, { direct: [], transitive: [] });
  return Object.fromEntries(found.map(({ object, entitlements }) => [object.id, entitlements]));
}

describe('nested groups', () => {
  it('entitle with the role of the assigned group, and it is known through which group', async () => {
    await world.save({
      objects: [
        user('direct'),
        user('deep'),
        user('both'),
        group('top', { displayName: 'Top' }),
        group('mid'),
        group('low'),
      ],
      memberships: [
        nest('top', 'mid'),
        nest('mid', 'low'),
        nest('low', 'top'),
        nest('top', 'low'),
        member('top', 'direct'),
        member('low', 'deep'),
        member('top', 'both'),
        member('mid', 'both'),
      ],
    });
    await assign('top');
    const ofTop = { appRoleId: 'role-top', via: 'group', groupId: 'top', groupName: 'Top' };
    expect(await entitled(await following(), 'direct', 'deep', 'both')).toEqual({
      direct: [ofTop],
      deep: [{ ...ofTop, through: { id: 'low', name: 'low' } }],
      both: [ofTop],
    });
    expect(await entitled(await following('False'), 'direct', 'deep', 'both')).toEqual({
      direct: [ofTop],
      deep: [],
      both: [ofTop],
    });
  });

  it('that are deleted entitle nobody, until they are restored', async () => {
    await world.save({
      objects: [user('u'), group('top'), group('low')],
      memberships: [nest('top', 'low'), member('low', 'u')],
    });
    await assign('top');
    const job = await following();
    await settled();
    await world.save({ tombstones: [deleted('low')] });
    expect(await looksAt('users')).toEqual(['u']);
    expect(await entitled(job, 'u')).toEqual({ u: [] });
    await world.save({ objects: [group('low')] });
    expect(await looksAt('users')).toEqual(['u']);
    expect((await entitled(job, 'u'))['u']).toHaveLength(1);
    await world.save({ objects: [group('low', { displayName: 'Renamed' })] });
    expect(await looksAt('users')).toEqual([]);
  });

  it('are not followed unless the job says so', async () => {
    await world.save({
      objects: [user('u'), group('top'), group('low')],
      memberships: [nest('top', 'low')],
    });
    await assign('top');
    await settled();
    await world.save({ memberships: [member('low', 'u')] });
    expect(await looksAt('users')).toEqual([]);
  });
});

describe('members of a provisioned group', () => {
  const changes = async (job: Job, kind: 'add' | 'remove') => {
    const retry = { at: new Date(), changedAfter: null, cycleStart: new Date() };
    const slice = { groupId: 'top', kind, retry, after: '', limit: 100 };
    return (await world.store.provisioning.memberChanges(job, slice)).map(({ sourceId }) => sourceId);
  };
  const written = (...ids: readonly string[]) =>
    world.rows(
      `INSERT INTO link_member (job_id, group_id, member_id, target_id)
       SELECT $1, 'top', id, 't-' || id FROM unnest($2::text[]) AS written(id)`,
      [jobId, ids],
    );
  beforeEach(async () => {
    const objects = [
      user('direct'),
      user('deep'),
      user('twice'),
      user('stranger'),
      group('top'),
      group('low'),
      group('other'),
    ];
    await world.save({
      objects,
      memberships: [
        member('top', 'direct'),
        nest('top', 'low'),
        nest('top', 'other'),
        member('low', 'deep'),
        member('low', 'twice'),
        member('other', 'twice'),
      ],
    });
    await world.link(...objects);
  });

  it('are its users at any depth, each once, and no groups', async () => {
    expect(await changes(await following(), 'add')).toEqual(['deep', 'direct', 'twice']);
  });

  it('go when their last path went, and only they', async () => {
    const job = await following();
    await written('direct', 'deep', 'twice', 'stranger', 'low');
    expect(await changes(job, 'remove')).toEqual(['low']);
    await world.save({ memberships: [nest('top', 'low', false)] });
    expect(await changes(job, 'remove')).toEqual(['deep', 'low']);
    await world.save({ tombstones: [deleted('other')] });
    expect(await changes(job, 'remove')).toEqual(['deep', 'low', 'twice']);
  });

  it('are taken back when nested groups are no longer followed; who was put there by somebody else stays', async () => {
    await written('direct', 'deep', 'twice', 'stranger');
    expect(await changes(await following('False'), 'remove')).toEqual(['deep', 'twice']);
    expect(await changes(await world.store.jobs.update(jobId, { settings: {} }), 'remove')).toEqual([]);
  });

  it('are looked at when a group below changed, was nested, taken out or deleted', async () => {
    await following();
    await settled();
    const all = async () => {
      await world.rows('UPDATE link SET references_due = false');
      return looksAt('references');
    };
    await all();
    await world.save({ memberships: [member('low', 'stranger')] });
    expect(await all()).toEqual(['low', 'top']);
    await world.save({ memberships: [nest('low', 'other')] });
    expect(await all()).toEqual(['low', 'top']);
    await world.save({ memberships: [nest('low', 'other', false), member('other', 'direct')] });
    expect(await all()).toEqual(['low', 'other', 'top']);
    await world.save({ tombstones: [deleted('other')] });
    expect(await all()).toEqual(['top']);
  });
});

describe('whatever happens to groups', () => {
  const groups = ['g0', 'g1', 'g2', 'g3', 'g4', 'g5'];
  const users = ['u0', 'u1', 'u2', 'u3', 'u4', 'u5', 'u6'];
  const named: ScopeReads = { ...noReads, groups: { direct: ['g4'], transitive: ['g5'] } };

  /** Reproducible chance. */
  function dice(seed: number) {
    let state = seed;
    const next = () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state / 2_147_483_648;
    };
    return { pick: <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)] as T, next };
  }

  /** The tenant in memory. */
  class Tenant {
    readonly edges = new Set<string>();
    readonly gone = new Set<string>();
    readonly assigned = new Set<string>();

    below(root: string, deep: boolean, seen = new Set<string>()): ReadonlySet<string> {
      if (this.gone.has(root) || seen.has(root)) return seen;
      seen.add(root);
      if (deep) for (const inner of groups) if (this.edges.has(`${root} ${inner}`)) this.below(inner, true, seen);
      return seen;
    }
    members(root: string, deep: boolean): readonly string[] {
      const below = [...this.below(root, deep)];
      return users.filter((id) => below.some((one) => this.edges.has(`${one} ${id}`)));
    }
    /** All that the verdict on a user depends on. */
    verdict(id: string, nested: boolean): string {
      const by = [...this.assigned].filter((root) => this.members(root, nested).includes(id)).sort();
      return `${by.join()} ${String(this.members('g4', false).includes(id))} ${String(this.members('g5', true).includes(id))}`;
    }
  }

  async function change(tenant: Tenant, { pick, next }: ReturnType<typeof dice>): Promise<void> {
    const kind = next();
    const one = pick(groups);
    if (kind < 0.65) {
      const other = next() < 0.5 ? pick(groups) : pick(users);
      if (other === one) return;
      const edge = `${one} ${other}`;
      const present = !tenant.edges.delete(edge);
      if (present) tenant.edges.add(edge);
      await world.save({
        memberships: [other.startsWith('g') ? nest(one, other, present) : member(one, other, present)],
      });
    } else if (kind < 0.8) {
      if (tenant.gone.delete(one)) await world.save({ objects: [group(one)] });
      else {
        tenant.gone.add(one);
        await world.save({ tombstones: [deleted(one)] });
      }
    } else if (tenant.assigned.delete(one))
      await world.store.mirror.dropAssignments(tenantId, servicePrincipalId, [`a-${one}`]);
    else {
      tenant.assigned.add(one);
      await assign(...tenant.assigned);
    }
  }

  it.each([
    [11, true],
    [12, true],
    [13, true],
    [21, false],
  ])(
    'every user whose verdict it changes is looked at, and is judged by the graph (seed %i, nested %s)',
    async (seed, nested) => {
      const chance = dice(seed);
      const tenant = new Tenant();
      await world.save({ objects: [...users.map((id) => user(id)), ...groups.map((id) => group(id))] });
      const job = await following(String(nested));
      await settled();
      for (let round = 0; round < 40; round += 1) {
        const before = users.map((id) => tenant.verdict(id, nested));
        for (let n = 0; n < 1 + Math.floor(chance.next() * 4); n += 1) await change(tenant, chance);
        const looked = await looksAt('users', named);
        const changed = users.filter((id, i) => tenant.verdict(id, nested) !== before[i]);
        expect(looked, `round ${String(round)}`).toEqual(expect.arrayContaining(changed));
        const found = await world.store.provisioning.candidates(job, users, named.groups);
        const judged = found.map(({ object: { id }, entitlements, groups: { direct, transitive } }) => {
          const by = [...new Set(entitlements.map(({ groupId }) => groupId))].sort();
          return [id, `${by.join()} ${String(direct.includes('g4'))} ${String(transitive.includes('g5'))}`];
        });
        expect(Object.fromEntries(judged), `round ${String(round)}`).toEqual(
          Object.fromEntries(users.map((id) => [id, tenant.verdict(id, nested)])),
        );
      }
    },
  );
});
