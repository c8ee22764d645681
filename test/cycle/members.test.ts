// Members of groups, from the mirror to an application that refuses, loses and hides: what is sent, and what is known after.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Deps } from '../../src/cycle/ports.ts';
import { jobId, member } from '../store/world.ts';
import { openCycleWorld, person, team } from './world.ts';
import type { CycleWorld } from './world.ts';

let life: CycleWorld;
beforeAll(async () => {
  life = await openCycleWorld();
});
beforeEach(() => life.reset());
afterAll(() => life.close());

const names = (count: number, prefix = 'u') =>
  Array.from({ length: count }, (_, n) => `${prefix}${String(n).padStart(4, '0')}`);
/** A group with these members, provisioned by a first cycle, and nothing sent since. */
async function provisioned(...ids: readonly string[]): Promise<void> {
  await life.world.save({
    objects: [team('g'), ...ids.map((id) => person(id))],
    memberships: ids.map((id) => member('g', id)),
  });
  expect(await life.run('initial')).toMatchObject({ counts: { failed: 0, membersAdded: ids.length } });
  life.target.patches();
}
const leave = (...ids: readonly string[]) => life.world.save({ memberships: ids.map((id) => member('g', id, false)) });
const join = (...ids: readonly string[]) => life.world.save({ memberships: ids.map((id) => member('g', id)) });
const accountOf = (id: string) =>
  [...life.target.users.values()].find(({ userName }) => userName === `${id}@contoso.com`)?.id ?? '';
/** Members in the application, by the names of their accounts. */
const inApplication = () => {
  const nameOf = new Map(
    [...life.target.users.values()].map(({ id, userName }) => [id, String(userName).split('@')[0]]),
  );
  const [members = new Set<string>()] = life.target.members.values();
  return [...members].map((id) => nameOf.get(id) ?? id).sort();
};
const noted = async () =>
  (await life.world.rows<{ member_id: string }>('SELECT member_id FROM link_member WHERE NOT unsure ORDER BY 1')).map(
    (row) => row.member_id,
  );
const escrows = () =>
  life.world.rows<{ subject: string }>('SELECT subject, code, attempts FROM escrow ORDER BY subject');
const isDue = (subject: string) =>
  life.world.rows(`UPDATE escrow SET next_retry = now() - interval '1 s' WHERE subject = $1`, [subject]);

describe('members of a group', () => {
  it('go before others come, in requests of their own, of as many as the dialect says', async () => {
    const people = names(150);
    await provisioned(...people, ...names(10, 'old'));
    await life.world.save({ objects: names(10, 'new').map((id) => person(id)) });
    await leave(...names(10, 'old'));
    await join(...names(10, 'new'));
    const cycle = await life.run();
    expect(life.target.patches()).toEqual(['-10', '+10']);
    expect(cycle.counts).toMatchObject({ membersAdded: 10, membersRemoved: 10, failed: 0 });
    expect(inApplication()).toEqual([...names(10, 'new'), ...people].sort());
    await life.run();
    expect(life.target.patches()).toEqual([]);
  });

  it('are more than one slice and all arrive', async () => {
    await life.world.save({
      objects: [team('g'), ...names(350).map((id) => person(id))],
      memberships: names(350).map((id) => member('g', id)),
    });
    await life.run('initial');
    expect(life.target.patches()).toEqual(['+100', '+100', '+100', '+50']);
    expect(await noted()).toEqual(names(350));
  });

  it('invariant 8: a poison member stands alone in escrow, with a time of its own, and the others go through', async () => {
    await provisioned(...names(3));
    await life.world.save({ objects: names(20, 'new').map((id) => person(id)) });
    await life.run();
    life.target.moods.poison.set(accountOf('new0007'), 422);
    await join(...names(20, 'new'));
    const cycle = await life.run();
    expect(cycle.counts).toMatchObject({ membersAdded: 19, failed: 1 });
    expect(await escrows()).toMatchObject([{ subject: 'members/new0007', code: 'UnprocessableEntity', attempts: 1 }]);
    expect(inApplication()).toHaveLength(22);
    life.target.patches();
    await life.world.save({ objects: [person('late')] });
    await join('late');
    await life.run();
    expect(life.target.patches()).toEqual(['+1']);
    expect(inApplication()).toContain('late');
    await isDue('members/new0007');
    await life.run();
    expect(life.target.patches()).toEqual(['+1']);
    expect(await escrows()).toMatchObject([{ subject: 'members/new0007', attempts: 2 }]);
    life.target.moods.poison.clear();
    await isDue('members/new0007');
    expect(await life.run()).toMatchObject({ counts: { membersAdded: 1, failed: 0 } });
    expect(await escrows()).toEqual([]);
  });

  it('a poison member is tried again when it changed, and forgotten when it left', async () => {
    await provisioned(...names(2), 'bad');
    await leave('bad');
    life.target.moods.poison.set(accountOf('bad'), 422);
    expect(await life.run()).toMatchObject({ counts: { failed: 1 } });
    expect(await escrows()).toMatchObject([{ subject: 'members/bad', code: 'UnprocessableEntity' }]);
    life.target.patches();
    await life.run();
    expect(life.target.patches()).toEqual([]);
    await life.world.save({ objects: [person('bad', { department: 'Sales' })] });
    await life.run();
    expect(life.target.patches()).toEqual(['-1']);
    await join('bad');
    await life.run();
    expect(life.target.patches()).toEqual([]);
    expect(await escrows()).toEqual([]);
  });

  it('are sent in smaller requests once the application showed that it takes fewer', async () => {
    life.target.moods.mostMembersPerPatch = 50;
    await life.world.save({
      objects: [team('g'), ...names(250).map((id) => person(id))],
      memberships: names(250).map((id) => member('g', id)),
    });
    await life.run('initial');
    expect(life.target.patches()).toEqual(['+100', '+50', '+50', '+50', '+50', '+50']);
    expect(await noted()).toEqual(names(250));
  });

  it('of whom none is taken any more are not all tried: the rest waits a cycle', async () => {
    await provisioned();
    const people = names(120);
    await life.world.save({ objects: people.map((id) => person(id)) });
    await life.run();
    for (const id of people.slice(0, 119)) life.target.moods.poison.set(accountOf(id), 400);
    await join(...people);
    expect(await life.run()).toMatchObject({ counts: { failed: 50, membersAdded: 0 } });
    expect(await life.run()).toMatchObject({ counts: { failed: 50, membersAdded: 0 } });
    expect(await life.run()).toMatchObject({ counts: { failed: 19, membersAdded: 1 } });
    expect(inApplication()).toEqual([people[119]]);
  });

  it.each([403, 404, 429])('are not tried one by one when the group is refused with %i', async (status) => {
    await provisioned(...names(2));
    await life.world.save({ objects: names(5, 'new').map((id) => person(id)) });
    await join(...names(5, 'new'));
    const begun = await life.upTo('groups');
    life.target.moods.fail = { times: 99, status };
    await life.work(begun, 'references');
    const cycle = await life.finish(begun);
    const tries = life.target.patches();
    life.target.moods.fail = { times: 0, status };
    expect(new Set(tries)).toEqual(new Set(['+5']));
    expect(cycle.counts).toMatchObject({ failed: 1, membersAdded: 0 });
    expect(await escrows()).toMatchObject([{ subject: 'members' }]);
    expect(await noted()).toEqual(names(2));
    await isDue('members');
    await life.run();
    expect(inApplication()).toHaveLength(7);
    expect(await escrows()).toEqual([]);
  });
});

describe('a lost answer', () => {
  it('invariant 6: of additions is looked up, and only who is missing is added again', async () => {
    await provisioned(...names(2));
    await life.world.save({ objects: names(3, 'new').map((id) => person(id)) });
    await life.run();
    await join(...names(3, 'new'));
    life.target.moods.loseAnswers = 1;
    expect(await life.run()).toMatchObject({ counts: { failed: 1 } });
    const [members] = life.target.members.values();
    members?.delete(accountOf('new0001'));
    life.target.patches();
    await life.run();
    expect(life.target.patches()).toEqual(['+1']);
    expect(await noted()).toEqual([...names(3, 'new'), ...names(2)]);
  });

  it.each(['always', 'when-empty'] as const)(
    'invariant 7: of a removal is repeated where the application shows no members (%s)',
    async (hideMembers) => {
      life.target.moods.hideMembers = hideMembers;
      await provisioned('only');
      await leave('only');
      life.target.moods.loseAnswers = 1;
      await life.run();
      life.target.patches();
      await life.run();
      expect(life.target.patches()).toEqual(['-1']);
      expect([inApplication(), await noted()]).toEqual([[], []]);
      await life.run();
      expect(life.target.patches()).toEqual([]);
    },
  );

  it('invariant 7: of additions is repeated where the application hides its members', async () => {
    life.target.moods.hideMembers = 'always';
    await provisioned(...names(2));
    await life.world.save({ objects: [person('new')] });
    await join('new');
    const cycle = await life.upTo('groups');
    life.target.moods.loseAnswers = 1;
    await life.finish(cycle);
    await life.run();
    await life.run();
    expect(inApplication()).toEqual(['new', ...names(2)]);
    expect(await noted()).toEqual(['new', ...names(2)]);
  });
});

describe('a process that is killed', () => {
  it.each([
    ['before a batch goes out', 'markMembers', ['+100', '+100', '+50']],
    ['after a batch was answered', 'recordMembers', ['+100', '+100', '+50']],
    ['before its page is recorded', 'recordPage', ['+100', '+100', '+50']],
  ] as const)(
    'invariant 6: %s sends no member twice where they can be looked up, and counts none twice',
    async (_, name, sent) => {
      const people = names(250);
      await life.world.save({
        objects: [team('g'), ...people.map((id) => person(id))],
        memberships: people.map((id) => member('g', id)),
      });
      const begun = await life.upTo('groups', 'initial');
      life.target.patches();
      const dying = life.dyingAt(name, name === 'recordPage' ? 1 : 2);
      await expect(life.work(begun, 'references', dying)).rejects.toThrow('the process is killed');
      await life.work(begun, 'references');
      expect(life.target.patches()).toEqual(sent);
      expect(await life.finish(begun)).toMatchObject({
        counts: { membersAdded: name === 'recordMembers' ? 150 : 250 },
      });
      expect(await noted()).toEqual(people);
    },
  );

  it('invariant 5: and taken for dead though it is not, sends nothing any more once another has the page', async () => {
    const people = names(250);
    await life.world.save({
      objects: [team('g'), ...people.map((id) => person(id))],
      memberships: people.map((id) => member('g', id)),
    });
    const begun = await life.upTo('groups', 'initial');
    life.target.patches();
    let taken = false;
    const slow: Deps = {
      ...life.deps,
      provisioning: {
        ...life.deps.provisioning,
        recordMembers: async (record) => {
          if (!taken) {
            taken = true;
            await life.world.rows('UPDATE page SET held_until = now()');
            await life.work(begun, 'references');
          }
          return life.deps.provisioning.recordMembers(record);
        },
      },
    };
    await life.work(begun, 'references', slow);
    expect(life.target.patches()).toEqual(['+100', '+100', '+50']);
    expect(await life.finish(begun)).toMatchObject({ progress: { done: 252 } });
    expect(await noted()).toEqual(people);
  });
});

describe('members that cannot be written yet', () => {
  it('are added in the cycle in which their account appears: users, groups, and who comes back into scope', async () => {
    await life.world.save({
      objects: [team('g'), person('there'), person('off', { accountEnabled: false })],
      memberships: [
        member('g', 'there'),
        member('g', 'off'),
        member('g', 'later'),
        { ...member('g', 'inner'), memberType: 'Group' },
      ],
    });
    await life.run('initial');
    expect(inApplication()).toEqual(['there']);
    expect(await life.world.rows('SELECT referenced_id FROM pending_reference')).toEqual([{ referenced_id: 'off' }]);
    await life.world.save({ objects: [person('off'), person('later'), team('inner')] });
    expect(await life.run()).toMatchObject({ counts: { membersAdded: 3 } });
    expect(inApplication()).toHaveLength(4);
    expect(await life.world.rows('SELECT referenced_id FROM pending_reference')).toEqual([]);
  });

  it('keep their memberships while they are disabled, and have what changed when they come back', async () => {
    await provisioned('u', 'v');
    await life.world.save({ objects: [person('u', { accountEnabled: false })] });
    await life.run();
    expect(life.target.patches()).toEqual([]);
    expect(inApplication()).toEqual(['u', 'v']);
    await leave('u');
    await life.run();
    expect(inApplication()).toEqual(['v']);
    await join('u');
    await life.world.save({ objects: [person('u')] });
    await life.run();
    expect(inApplication()).toEqual(['u', 'v']);
  });

  it('are looked at again when they come back: an application may have dropped them meanwhile', async () => {
    await provisioned('u', 'v');
    await life.world.save({ objects: [person('u', { accountEnabled: false })] });
    await life.run();
    await life.world.save({ objects: [person('u')] });
    life.target.patches();
    await life.run();
    expect(life.target.patches()).toEqual([]);
    await life.world.save({ objects: [person('u', { accountEnabled: false })] });
    await life.run();
    life.target.members.get([...life.target.members.keys()][0] ?? '')?.delete(accountOf('u'));
    await life.world.save({ objects: [person('u')] });
    life.target.patches();
    await life.run();
    expect(life.target.patches()).toEqual(['+1']);
  });

  it('of an adopted group are read before anything is written; members of others are left alone', async () => {
    life.target.addUser('A', 'there@contoso.com', { externalId: 'there' });
    life.target.groups.set('T', { id: 'T', displayName: 'g' });
    life.target.members.set('T', new Set(['A', 'stranger']));
    await life.world.save({
      objects: [team('g'), person('there'), person('new')],
      memberships: [member('g', 'there'), member('g', 'new')],
    });
    await life.run('initial');
    expect(life.target.patches().filter((one) => /^[+-]/.test(one))).toEqual(['+1']);
    expect([...(life.target.members.get('T') ?? [])]).toContain('stranger');
    await leave('there');
    await life.run();
    expect([...(life.target.members.get('T') ?? [])].sort()).toEqual([accountOf('new'), 'stranger'].sort());
  });

  it('are forgotten when they are deleted for good', async () => {
    await provisioned('u', 'v');
    await life.world.save({ tombstones: [{ id: 'u', type: 'User', presence: 'hard-deleted' }] });
    await life.run();
    expect(await life.world.rows('SELECT member_id FROM link_member')).toEqual([{ member_id: 'v' }]);
  });
});

describe('managers', () => {
  const managerOf = (id: string) => {
    const account = [...life.target.users.values()].find(({ userName }) => userName === `${id}@contoso.com`);
    const [, manager] = Object.entries(account ?? {}).find(([name]) => name.toLowerCase().includes('manager')) ?? [];
    return (manager as { value?: string } | string | undefined) ?? null;
  };
  const idIn = (manager: unknown) =>
    typeof manager === 'object' && manager !== null ? (manager as { value: string }).value : manager;

  it('are awaited, written when they have an account, and may be oneself or lead in a circle', async () => {
    await life.world.save({
      objects: [
        person('a', {}, 'b'),
        person('b', {}, 'a'),
        person('self', {}, 'self'),
        person('waits', {}, 'boss'),
        person('boss', { accountEnabled: false }),
      ],
    });
    await life.run('initial');
    expect(idIn(managerOf('a'))).toBe(accountOf('b'));
    expect(idIn(managerOf('b'))).toBe(accountOf('a'));
    expect(idIn(managerOf('self'))).toBe(accountOf('self'));
    expect(managerOf('waits')).toBeNull();
    await life.world.save({ objects: [person('boss')] });
    await life.run();
    expect(idIn(managerOf('waits'))).toBe(accountOf('boss'));
    expect(await life.world.rows(`SELECT * FROM pending_reference WHERE job_id = '${jobId}'`)).toEqual([]);
  });
});
