// What a page reads and writes: candidates, intents, differences of references.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from '../../src/rules/model/job.ts';
import { create, group, jobId, member, openWorld, servicePrincipalId, tenantId, user } from './world.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

describe('candidates', () => {
  it('come in the order asked for, with link and entitlements; unknown ids are left out', async () => {
    await world.save({
      objects: [user('b', { city: 'Bern' }, 'a'), user('a'), group('g')],
      memberships: [member('g', 'b'), member('g', 'a', false)],
    });
    await world.link(user('a'));
    await world.store.mirror.saveAssignments(tenantId, servicePrincipalId, [
      { id: '1', principalId: 'b', principalType: 'User', appRoleId: 'own' },
      { id: '2', principalId: 'g', principalType: 'Group', appRoleId: 'through' },
    ]);
    const [b, a, g] = await world.store.provisioning.candidates(world.job, ['b', 'nobody', 'a', 'g']);
    expect(b).toMatchObject({
      object: {
        id: 'b',
        type: 'User',
        presence: 'live',
        attributes: { displayName: 'b', city: 'Bern' },
        managerId: 'a',
      },
      entitlements: [
        { appRoleId: 'own', via: 'direct', groupId: null },
        { appRoleId: 'through', via: 'group', groupId: 'g' },
      ],
      link: null,
    });
    expect(a).toMatchObject({
      object: { id: 'a' },
      entitlements: [],
      link: { jobId, sourceId: 'a', targetId: 't-a', state: 'active', known: { userName: 'a' } },
    });
    expect(a?.link?.createdAt).toBeInstanceOf(Date);
    expect(g).toMatchObject({
      object: { id: 'g', type: 'Group' },
      entitlements: [{ appRoleId: 'through', via: 'direct', groupId: null }],
    });
  });

  it('have no entitlement of other applications, of dropped assignments, or through nested groups', async () => {
    await world.save({
      objects: [user('u'), group('inner')],
      memberships: [{ ...member('outer', 'inner'), memberType: 'Group' }, member('inner', 'u')],
    });
    const { mirror } = world.store;
    await mirror.saveAssignments(tenantId, servicePrincipalId, [
      { id: '1', principalId: 'outer', principalType: 'Group', appRoleId: 'r' },
      { id: '2', principalId: 'u', principalType: 'User', appRoleId: 'r' },
    ]);
    await mirror.dropAssignments(tenantId, servicePrincipalId, ['2']);
    await mirror.saveAssignments(tenantId, 'another application', [
      { id: '3', principalId: 'u', principalType: 'User', appRoleId: 'r' },
    ]);
    const found = await world.store.provisioning.candidates(world.job, ['u', 'inner']);
    expect(found.map(({ entitlements }) => entitlements)).toEqual([[], []]);
  });

  it('can be asked for by account: which object it is linked to', async () => {
    await world.save({ objects: [user('u'), group('g')] });
    await world.link(user('u'), group('g'));
    expect(await world.store.provisioning.linkedTo(jobId, 'User', ['t-u', 't-g', 'other'])).toEqual(
      new Map([['t-u', 'u']]),
    );
  });
});

describe('intents', () => {
  const twoPages = async (): Promise<readonly [Page, Page]> => {
    await world.save({ objects: [user('u'), user('v'), group('g')] });
    const cycle = await world.begin('initial');
    return [await world.page(cycle, 'users'), await world.page(cycle, 'groups')];
  };
  const intend = (page: Page, ...ids: readonly string[]) =>
    world.store.provisioning.intend(
      page,
      jobId,
      ids.map((id) => create(id)),
    );

  it('invariant 5: keep a second page away from an object that another one writes', async () => {
    const [first, second] = await twoPages();
    expect(await intend(first, 'u')).toEqual(new Set());
    expect(await intend(second, 'u', 'v')).toEqual(new Set(['u']));
  });

  it('invariant 6: are found again by the page that wrote them before a crash', async () => {
    const [first] = await twoPages();
    await intend(first, 'u', 'v');
    expect(await intend(first, 'v', 'u')).toEqual(new Set());
    expect(await world.rows('SELECT source_id, page_id FROM intent ORDER BY 1')).toEqual([
      { source_id: 'u', page_id: first.id },
      { source_id: 'v', page_id: first.id },
    ]);
  });

  it('go when their page is recorded', async () => {
    const [first, second] = await twoPages();
    await intend(first, 'u');
    await world.record(first, []);
    expect(await world.rows('SELECT * FROM intent')).toEqual([]);
    expect(await intend(second, 'u')).toEqual(new Set());
  });

  it('of a cycle that has ended hold nobody up', async () => {
    const [first] = await twoPages();
    await intend(first, 'u');
    const [cycle] = await world.store.cycles.unfinished();
    await world.store.cycles.end(cycle?.id ?? '', { state: 'stopped', at: new Date(), error: null });
    expect(await intend(await world.page(await world.begin('initial'), 'users'), 'u')).toEqual(new Set());
  });
});

describe('differences of managers', () => {
  it('tell who should be there, who is awaited, and who is there', async () => {
    await world.save({
      objects: [
        user('boss'),
        user('led', {}, 'boss'),
        user('waits', {}, 'elsewhere'),
        user('alone'),
        user('unlinked', {}, 'boss'),
      ],
    });
    await world.link(user('boss'), user('led'), user('waits'), user('alone'));
    await world.rows(`UPDATE link SET known = '{"manager": "t-old"}' WHERE source_id IN ('alone', 'waits')`);
    const diffs = await world.store.provisioning.managerDiffs(
      world.job,
      ['led', 'waits', 'alone', 'unlinked'],
      'manager',
    );
    expect(diffs).toMatchObject([
      { userId: 'alone', targetId: 't-alone', displayName: 'alone', desired: null, pending: null, known: 't-old' },
      {
        userId: 'led',
        targetId: 't-led',
        displayName: 'led',
        desired: { sourceId: 'boss', targetId: 't-boss' },
        pending: null,
        known: null,
      },
      {
        userId: 'waits',
        targetId: 't-waits',
        displayName: 'waits',
        desired: null,
        pending: 'elsewhere',
        known: 't-old',
      },
    ]);
  });
});
