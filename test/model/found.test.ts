// Histories that went wrong once, or that would go wrong first: each lived to its end, against the same oracle.
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { Fault } from './application.ts';
import { live, openGround } from './life.ts';
import type { Ground } from './life.ts';
import { usual } from './settings.ts';
import type { Settings } from './settings.ts';
import type { Step } from './steps.ts';
import type { Change } from './truth.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await openGround();
});
afterAll(() => ground.close());

const change = (one: Change): Step => ({ kind: 'change', change: one });
const hire = (who: number, name = who): Step => change({ kind: 'hire', who, name, department: 'sales' });
const of = (kind: 'enable' | 'disable' | 'delete' | 'restore' | 'purge' | 'unassign', who: number): Step =>
  change({ kind, who });
const assign = (who: number): Step => change({ kind: 'assign', who, role: 'staff' });
const rename = (who: number, name: number): Step => change({ kind: 'rename', who, name });
const writes = (fault: Fault, after = 0, times = 1): Step => ({ kind: 'trouble', of: 'writes', fault, after, times });
const crash = (afterCalls: number, when: 'before' | 'after'): Step => ({ kind: 'crash', death: { afterCalls, when } });
const set = (settings: Partial<Settings>): Step => ({ kind: 'settings', change: settings });
const cycle: Step = { kind: 'cycle' };
const lives = (steps: readonly Step[], settings: Partial<Settings> = {}, strangers: readonly number[] = []) =>
  live(ground, { settings: { ...usual, ...settings }, strangers, steps });

describe('what the application refuses', () => {
  it('is tried again when it is due by the clock of the engine', () =>
    lives([hire(0), assign(0), writes('400', 0, 4), cycle]));
  it('is tried again for groups too', () =>
    lives([change({ kind: 'found', team: 0, name: 0 }), writes('400', 0, 4), cycle], { everybody: true }));
});

describe('a create whose answer was lost', () => {
  it.each([true, false])('is not repeated when its user was renamed meanwhile (found by id: %s)', (byId) =>
    lives([hire(0), assign(0), writes('lost', 0, 2), cycle, rename(0, 5)], { byId }),
  );
  it('is undone when its user left meanwhile', () =>
    lives([hire(0), assign(0), writes('lost-504', 0, 2), cycle, of('delete', 0), of('purge', 0)]));
  it('does not stand in the way of who got the name', () =>
    lives([hire(0), assign(0), writes('lost', 0, 2), cycle, of('purge', 0), hire(1, 0), assign(1)]));
});

describe('a process that dies', () => {
  const calls = Array.from({ length: 12 }, (_, at) => at * 3);
  it.each(calls)('at call %i makes nobody twice and forgets nobody', (at) =>
    lives([hire(0), assign(0), hire(1), assign(1), crash(at, at % 2 === 0 ? 'after' : 'before'), cycle, rename(0, 5)]),
  );
});

describe('leavers', () => {
  it('who were deleted and purged between two cycles lose their account', () =>
    lives([hire(0), assign(0), cycle, of('delete', 0), of('purge', 0)]));
  it('who were unassigned first and purged later lose their account', () =>
    lives([hire(0), assign(0), cycle, of('unassign', 0), cycle, of('delete', 0), cycle, of('purge', 0)]));
  it('who left while nobody was to be disabled are disabled when that ends', () =>
    lives([
      hire(0),
      assign(0),
      cycle,
      set({ skipsLeavers: true }),
      of('disable', 0),
      cycle,
      set({ skipsLeavers: false }),
    ]));
  it('who are held come back without being touched', () =>
    lives([hire(0), assign(0), cycle, set({ limit: 0 }), of('disable', 0), cycle, of('enable', 0), cycle]));
});

describe('strangers', () => {
  it('keep their account while nobody in scope has their name', () =>
    lives([hire(0), cycle, of('disable', 0), cycle, of('purge', 0), cycle], {}, [0, 1]));
  it('are taken over by whoever is in scope with their name', () => lives([hire(0), assign(0), cycle], {}, [0]));
});
