// Members of groups: their differences in slices, who may write them, and what is noted before and after each batch.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectError } from '../../src/rules/model/errors.ts';
import type { Page } from '../../src/rules/model/job.ts';
import type { MemberBatch, MemberChange, MemberRecord, MemberSlice } from '../../src/rules/model/records.ts';
import { create, group, jobId, member, openWorld, user } from './world.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const start = new Date('2026-05-18T10:00:00Z');
const retry = { at: start, changedAfter: null, cycleStart: start };
const sliceOf = (kind: 'add' | 'remove', more: Partial<MemberSlice> = {}): Promise<readonly MemberChange[]> =>
  world.store.provisioning.memberChanges(world.job, { groupId: 'g', kind, after: '', limit: 100, retry, ...more });
const idsOf = async (kind: 'add' | 'remove', more: Partial<MemberSlice> = {}) =>
  (await sliceOf(kind, more)).map(({ sourceId }) => sourceId);
const groupOf = async (id: string) => (await world.store.provisioning.memberGroups(world.job, [id]))[0];
const pendingOf = async (groupId: string) => (await world.store.provisioning.settleMembers(world.job, groupId)).first;
const written = (...ids: readonly string[]) =>
  world.rows(`INSERT INTO link_member SELECT '${jobId}', 'g', id, 't-' || id FROM unnest($1::text[]) AS id`, [ids]);
const members = () => world.rows('SELECT member_id, target_id, unsure FROM link_member ORDER BY 1');
const sure = (id: string, unsure = false) => ({ member_id: id, target_id: `t-${id}`, unsure });
const change = (id: string, unsure = false): MemberChange => ({ sourceId: id, targetId: `t-${id}`, unsure });

describe('differences of members', () => {
  it('add linked members, remove those known to have left, and await those without an account', async () => {
    const people = ['stays', 'comes', 'leaves', 'waits', 'left-before'];
    await world.save({
      objects: [group('g'), ...people.map((id) => user(id))],
      memberships: [member('g', 'left-before', false)],
    });
    await world.link(group('g'), user('stays'), user('comes'), user('leaves'), user('left-before'));
    await written('stays', 'leaves', 'by-hand');
    await world.save({
      memberships: [member('g', 'stays'), member('g', 'comes'), member('g', 'waits'), member('g', 'leaves', false)],
    });
    expect(await groupOf('g')).toEqual({
      groupId: 'g',
      targetId: 't-g',
      displayName: 'g',
      unread: false,
      differs: true,
    });
    expect(await sliceOf('add')).toEqual([change('comes')]);
    expect(await sliceOf('remove')).toEqual([change('leaves')]);
    expect(await pendingOf('g')).toEqual(['waits']);
    const { countMemberChanges, awaitedMembers } = world.store.provisioning;
    expect(await countMemberChanges(world.job, { groupId: 'g', kind: 'add', retry })).toEqual({
      count: 1,
      first: ['comes'],
    });
    expect(await awaitedMembers(world.job, 'g')).toEqual({ count: 1, first: ['waits'] });
  });

  it('invariant 1: never remove a member of whom the mirror knows nothing', async () => {
    await world.save({ objects: [group('g')] });
    await world.link(group('g'));
    await written('by-hand');
    expect(await groupOf('g')).toMatchObject({ differs: false });
    expect([await sliceOf('add'), await sliceOf('remove')]).toEqual([[], []]);
  });

  it('do not await deleted users, devices, or groups that are not provisioned', async () => {
    await world.save({
      objects: [group('g'), group('inner'), user('deleted')],
      memberships: [
        member('g', 'deleted'),
        { ...member('g', 'inner'), memberType: 'Group' },
        { ...member('g', 'device'), memberType: 'Other' },
      ],
    });
    await world.save({ tombstones: [{ id: 'deleted', type: 'User', presence: 'soft-deleted' }] });
    await world.link(group('g'));
    expect([await idsOf('add'), await pendingOf('g')]).toEqual([[], []]);
    await world.link(group('inner'));
    expect(await idsOf('add')).toEqual(['inner']);
  });

  it('come in slices, in the order of ids, and go on where the last one ended', async () => {
    const ids = Array.from({ length: 25 }, (_, n) => `u${String(n).padStart(2, '0')}`);
    await world.save({
      objects: [group('g'), ...ids.map((id) => user(id))],
      memberships: ids.map((id) => member('g', id)),
    });
    await world.link(group('g'), ...ids.map((id) => user(id)));
    const seen: string[] = [];
    for (let after: string | undefined = ''; after !== undefined;) {
      const slice: readonly string[] = await idsOf('add', { after, limit: 10 });
      expect(slice.length).toBeLessThanOrEqual(10);
      seen.push(...slice);
      after = slice.at(-1);
    }
    expect(seen).toEqual(ids);
  });

  it('leave a member in escrow alone until it is due, or it changed in the directory', async () => {
    await world.save({ objects: [group('g'), user('u')], memberships: [member('g', 'u')] });
    await world.link(group('g'), user('u'));
    await world.rows(
      `INSERT INTO escrow VALUES ('${jobId}', 'g', 'Group', 'members/u', 'update', '{}', 'BadRequest', $1, $1, 1, $2)`,
      [start, new Date(start.getTime() + 1_000)],
    );
    const later = new Date(start.getTime() + 2_000);
    const seen = await world.version();
    expect(await groupOf('g')).toMatchObject({ differs: true });
    expect(await idsOf('add')).toEqual([]);
    expect(await idsOf('add', { retry: { ...retry, at: later } })).toEqual(['u']);
    expect(await idsOf('add', { retry: { ...retry, changedAfter: seen, cycleStart: later } })).toEqual([]);
    await world.save({ objects: [user('u', { city: 'Bern' })] });
    expect(await idsOf('add', { retry: { ...retry, changedAfter: seen, cycleStart: later } })).toEqual(['u']);
    expect(await idsOf('add', { retry: { ...retry, changedAfter: seen, cycleStart: start } })).toEqual([]);
  });

  it('end the escrow of a member who left, and who is awaited no more', async () => {
    await world.save({
      objects: [group('g'), user('u'), user('w')],
      memberships: [member('g', 'u'), member('g', 'w')],
    });
    await world.link(group('g'), user('u'));
    await world.rows(
      `INSERT INTO escrow VALUES ('${jobId}', 'g', 'Group', 'members/u', 'update', '{}', 'BadRequest', now(), now(), 1, NULL)`,
    );
    expect(await pendingOf('g')).toEqual(['w']);
    expect(await world.store.jobs.escrowCount(jobId)).toBe(1);
    await world.save({ memberships: [member('g', 'u', false), member('g', 'w', false)] });
    expect(await groupOf('g')).toMatchObject({ differs: true });
    expect(await pendingOf('g')).toEqual([]);
    expect(await world.store.jobs.escrowCount(jobId)).toBe(0);
    expect(await groupOf('g')).toMatchObject({ differs: false });
  });

  it('of an adopted group are known after its members were noted, and those there are not added again', async () => {
    await world.save({
      objects: [group('g'), user('there'), user('new')],
      memberships: [member('g', 'there'), member('g', 'new')],
    });
    await world.link(user('there'), user('new'));
    const cycle = await world.begin('initial');
    await world.record(await world.page(cycle, 'groups'), [
      {
        kind: 'skipped',
        action: {
          kind: 'skip',
          because: 'RedundantExport',
          sourceId: 'g',
          type: 'Group',
          displayName: 'g',
          targetId: 't-g',
          adopt: {},
          forget: false,
        },
      },
    ]);
    expect(await groupOf('g')).toMatchObject({ unread: true, differs: true });
    await world.store.provisioning.noteMembers(jobId, 'g', ['t-there', 'stranger']);
    await world.store.provisioning.membersWereRead(jobId, 'g');
    expect(await groupOf('g')).toMatchObject({ unread: false });
    expect(await idsOf('add')).toEqual(['new']);
  });

  it('leave groups without an account out', async () => {
    await world.save({ objects: [group('g'), user('u')] });
    await world.link(user('u'));
    expect(await world.store.provisioning.memberGroups(world.job, ['g', 'u'])).toEqual([]);
  });
});

/** A group with linked people who are all its members, and the page of references that looks at it. */
async function groupPage(...people: readonly string[]): Promise<Page> {
  await world.save({
    objects: [group('g'), ...people.map((id) => user(id))],
    memberships: people.map((id) => member('g', id)),
  });
  await world.link(group('g'), ...people.map((id) => user(id)));
  return world.page(await world.begin('initial'), 'references');
}
const take = (page: Page, token: string) => world.store.provisioning.takeReferences(page, jobId, ['g'], token);
const batchOf = (page: Page, kind: 'add' | 'remove', changes: readonly MemberChange[]): MemberBatch => ({
  jobId,
  cycleId: page.cycleId,
  groupId: 'g',
  writer: 'token',
  kind,
  changes,
});
const record = (batch: MemberBatch, more: Partial<MemberRecord>) =>
  world.store.provisioning.recordMembers({
    ...batch,
    done: [],
    refused: [],
    untouched: [],
    at: start,
    nextRetry: () => ({ state: 'waiting', nextRetry: null }),
    ...more,
  });
/** Another page over the same owners, as of an on-demand run. */
async function copyOf(page: Page): Promise<Page> {
  await world.rows(
    `INSERT INTO page (id, cycle_id, phase, seq, object_ids) SELECT 'another', cycle_id, phase, 99, object_ids FROM page WHERE id = $1`,
    [page.id],
  );
  return { ...page, id: 'another' };
}
const mark = (batch: MemberBatch) => world.store.provisioning.markMembers(batch);

describe('the writer of a group', () => {
  it('invariant 5: is one at a time; a run of the same page takes over and fences the older one off', async () => {
    const page = await groupPage('u');
    const other = await copyOf(page);
    expect(await take(page, 'old')).toEqual(new Set(['g']));
    expect(await take(other, 'other')).toEqual(new Set());
    expect(await take(page, 'token')).toEqual(new Set(['g']));
    const batch = batchOf(page, 'add', [change('u')]);
    expect(await mark({ ...batch, writer: 'old' })).toBe(false);
    expect(await record({ ...batch, writer: 'old' }, { done: [change('u')] })).toBe('lost');
    expect(await members()).toEqual([]);
    expect(await mark(batch)).toBe(true);
  });

  it('is nobody after its page was recorded or its cycle has ended', async () => {
    const page = await groupPage('u');
    await take(page, 'token');
    await world.record(page, []);
    expect(await world.rows('SELECT * FROM reference_writer')).toEqual([]);
    const [first] = await world.store.cycles.unfinished();
    if (first !== undefined) await world.finish(first);
    const next = await world.page(await world.begin('initial'), 'references');
    const another = await copyOf(next);
    await take(next, 'token');
    await world.store.cycles.end(next.cycleId, { state: 'stopped', at: new Date(), error: null });
    expect(await take(another, 'other')).toEqual(new Set(['g']));
  });

  it('invariant 5: and the writer of the group itself keep out of each other’s way', async () => {
    const page = await groupPage('u');
    await take(page, 'token');
    const { intend } = world.store.provisioning;
    const another = await copyOf(page);
    expect(await intend(another, jobId, [create('g', 'Group')])).toEqual(new Set(['g']));
    await world.rows('DELETE FROM reference_writer');
    expect(await intend(page, jobId, [create('g', 'Group')])).toEqual(new Set());
    expect(await take(another, 'token')).toEqual(new Set());
  });
});

describe('a batch of members', () => {
  it('invariant 6: is unsure from before it goes out until its answer is recorded', async () => {
    const page = await groupPage('u', 'v');
    await take(page, 'token');
    const batch = batchOf(page, 'add', [change('u'), change('v')]);
    await mark(batch);
    expect(await members()).toEqual([sure('u', true), sure('v', true)]);
    expect(await sliceOf('add')).toEqual([change('u', true), change('v', true)]);
    expect(await record(batch, { done: [change('u')] })).toBe('recorded');
    expect(await members()).toEqual([sure('u'), sure('v', true)]);
    expect(await world.store.cycles.get(page.cycleId)).toMatchObject({ counts: { membersAdded: 1 } });
    expect(await sliceOf('add')).toEqual([change('v', true)]);
  });

  it('of removals is repeated when its answer was lost', async () => {
    const page = await groupPage('u', 'v');
    await written('u', 'v');
    await world.save({ memberships: [member('g', 'u', false), member('g', 'v', false)] });
    await take(page, 'token');
    const batch = batchOf(page, 'remove', [change('u'), change('v')]);
    await mark(batch);
    expect(await sliceOf('remove')).toEqual([change('u', true), change('v', true)]);
    await record(batch, { done: [change('u')] });
    expect(await sliceOf('remove')).toEqual([change('v', true)]);
    expect(await world.store.cycles.get(page.cycleId)).toMatchObject({ counts: { membersRemoved: 1 } });
  });

  it('of removals whose answer was lost is added again when the member is back', async () => {
    const page = await groupPage('u');
    await written('u');
    await take(page, 'token');
    await mark(batchOf(page, 'remove', [change('u')]));
    expect(await sliceOf('add')).toEqual([change('u', true)]);
  });

  it('invariant 8: leaves the refused in escrow one by one, and takes back what was not sent', async () => {
    const page = await groupPage('bad', 'good', 'later', 'lost');
    await take(page, 'token');
    const all = ['bad', 'good', 'later', 'lost'].map((id) => change(id));
    const batch = batchOf(page, 'add', all);
    const error: ObjectError = { code: 'BadRequest', message: 'no' };
    await mark(batch);
    const outcome = {
      done: [change('good')],
      refused: [
        { change: change('bad'), error },
        { change: change('lost'), error: { ...error, code: 'InternalServerError' as const } },
      ],
      untouched: [change('later')],
      nextRetry: () => ({ state: 'retrying' as const, nextRetry: new Date(start.getTime() + 1_000) }),
    };
    await record(batch, outcome);
    expect(await members()).toEqual([sure('good'), sure('lost', true)]);
    const escrows = () => world.rows('SELECT source_id, type, subject, code, attempts FROM escrow ORDER BY subject');
    expect(await escrows()).toMatchObject([
      { source_id: 'g', type: 'Group', subject: 'members/bad', code: 'BadRequest', attempts: 1 },
      { source_id: 'g', subject: 'members/lost', attempts: 1 },
    ]);
    expect(await idsOf('add')).toEqual(['later']);
    await record(batch, { refused: [{ change: change('bad'), error }], done: [change('lost')] });
    expect(await escrows()).toMatchObject([{ subject: 'members/bad', attempts: 2 }]);
  });

  it('is recorded when its cycle was stopped meanwhile, and says so', async () => {
    const page = await groupPage('u');
    await take(page, 'token');
    const batch = batchOf(page, 'add', [change('u')]);
    await mark(batch);
    await world.store.cycles.end(page.cycleId, { state: 'stopped', at: new Date(), error: null });
    expect(await record(batch, { done: [change('u')] })).toBe('ended');
    expect(await members()).toEqual([sure('u')]);
  });

  it('invariant 7: who is not shown by a reading stays noted, and who is shown is sure', async () => {
    await groupPage('u', 'v', 'w');
    await written('u', 'v');
    await world.rows(`UPDATE link_member SET unsure = true`);
    await world.store.provisioning.noteMembers(jobId, 'g', []);
    expect(await members()).toEqual([sure('u', true), sure('v', true)]);
    await world.store.provisioning.noteMembers(jobId, 'g', ['t-v', 't-w', 'a stranger']);
    expect(await members()).toEqual([sure('u', true), sure('v'), sure('w')]);
  });
});
