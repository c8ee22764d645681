// What can happen in a history, as a closed union: how it is made by chance, and how it is told.
import * as fc from 'fast-check';
import { faults } from './application.ts';
import type { Fault } from './application.ts';
import { byKind } from './by-kind.ts';
import type { ByKind } from './by-kind.ts';
import { teamNameOf, userNameOf } from './oracle.ts';
import type { Death } from './process.ts';
import { usual } from './settings.ts';
import type { Settings } from './settings.ts';
import type { Change } from './truth.ts';

export const restarts = [
  'Watermark',
  'Escrows',
  'QuarantineState',
  'ConnectorDataStore',
  'Full',
  'ForceDeletes',
  'None',
  '',
] as const;

export type Step =
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'settings'; readonly change: Partial<Settings> }
  /** Faults of the coming requests: so many go well first. */
  | {
      readonly kind: 'trouble';
      readonly of: 'requests' | 'writes';
      readonly fault: Fault;
      readonly after: number;
      readonly times: number;
    }
  | { readonly kind: 'always'; readonly fault: Fault | null }
  | { readonly kind: 'refuse-title'; readonly title: string | null }
  | { readonly kind: 'break-read' }
  | { readonly kind: 'lose'; readonly type: 'Users' | 'Groups'; readonly nth: number }
  | { readonly kind: 'crash'; readonly death: Death }
  | { readonly kind: 'cycle' | 'run' | 'begin' | 'pause' | 'start' }
  | { readonly kind: 'work'; readonly tasks: number }
  | { readonly kind: 'restart'; readonly scopes: (typeof restarts)[number] }
  | { readonly kind: 'on-demand'; readonly who: number; readonly dryRun: boolean }
  | { readonly kind: 'on-demand-team'; readonly team: number; readonly who: number }
  | { readonly kind: 'later'; readonly hours: number };

export interface History {
  readonly settings: Settings;
  /** Accounts that were there before anybody provisioned: those with the name of a person may be taken over. */
  readonly strangers: readonly number[];
  readonly steps: readonly Step[];
}

const PEOPLE = 5;
const TEAMS = 2;
const NAMES = 7;
const who = fc.nat({ max: PEOPLE - 1 });
const team = fc.nat({ max: TEAMS - 1 });
const name = fc.nat({ max: NAMES - 1 });
const department = fc.constantFrom('sales', 'research');
const title = fc.constantFrom('clerk', 'chief', 'outlaw', null);
const role = fc.constantFrom('none' as const, 'staff' as const);
const kind = <K extends string>(...kinds: readonly K[]): fc.Arbitrary<K> => fc.constantFrom(...kinds);

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: kind('hire'), who, name, department }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('rename'), who, name }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('title'), who, title }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('move'), who, department }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('manager'), who, manager: fc.option(who) }) },
  { weight: 6, arbitrary: fc.record({ kind: kind('enable', 'disable', 'delete', 'restore', 'purge'), who }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('found'), team, name: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('rename-team'), team, name: fc.nat({ max: 3 }) }) },
  { weight: 5, arbitrary: fc.record({ kind: kind('join', 'leave'), team, who }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('dissolve'), team }) },
  { weight: 5, arbitrary: fc.record({ kind: kind('assign'), who, role }) },
  { weight: 4, arbitrary: fc.record({ kind: kind('assign-team'), team, role }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('unassign'), who }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('unassign-team'), team }) },
);

const settingsChange: fc.Arbitrary<Partial<Settings>> = fc.oneof(
  fc.record({ title: kind('title', 'shouted', 'joined', 'once', 'defaulted') }),
  fc.record({ department: fc.constantFrom('sales', 'nowhere', null) }),
  fc.record({ skipsLeavers: fc.boolean() }),
  fc.record({ everybody: fc.boolean() }),
  fc.record({ anyRole: fc.boolean() }),
  fc.record({ members: fc.boolean() }),
  fc.record({ creates: fc.boolean() }),
  fc.record({ updates: fc.boolean() }),
  fc.record({ deletes: fc.boolean() }),
  fc.record({ limit: fc.constantFrom(0, 1, null) }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 40, arbitrary: fc.record({ kind: kind('change'), change }) },
  { weight: 14, arbitrary: fc.record({ kind: kind('cycle') }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('begin', 'run') }) },
  { weight: 4, arbitrary: fc.record({ kind: kind('work'), tasks: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 5, arbitrary: fc.record({ kind: kind('settings'), change: settingsChange }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: kind('trouble'),
      of: kind('requests', 'writes', 'writes'),
      fault: fc.constantFrom(...faults, 'lost', 'lost', 'lost-504'),
      after: fc.nat({ max: 3 }),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: kind('always'), fault: fc.constantFrom('500', '404', 'reset', 'page', null) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('refuse-title'), title: fc.constantFrom('outlaw', null) }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('break-read') }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('lose'), type: kind('Users', 'Groups'), nth: fc.nat({ max: 3 }) }) },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: kind('crash'),
      death: fc.record({ afterCalls: fc.nat({ max: 45 }), when: kind('before', 'after') }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('pause', 'start') }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('restart'), scopes: fc.constantFrom(...restarts) }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('on-demand'), who, dryRun: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('on-demand-team'), team, who }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('later'), hours: fc.constantFrom(1, 7, 25) }) },
);

const settings: fc.Arbitrary<Settings> = fc
  .record({
    everybody: fc.boolean(),
    byId: fc.boolean(),
    recreates: fc.boolean(),
    limit: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constant(1) }),
  })
  .map((chosen) => ({ ...usual, ...chosen }));

/** Something is there from the beginning, so that the first cycle has something to do. */
const beginnings: readonly Step[] = (
  [
    { kind: 'hire', who: 0, name: 0, department: 'sales' },
    { kind: 'hire', who: 1, name: 1, department: 'sales' },
    { kind: 'hire', who: 2, name: 2, department: 'research' },
    { kind: 'found', team: 0, name: 0 },
    { kind: 'join', team: 0, who: 0 },
    { kind: 'join', team: 0, who: 1 },
    { kind: 'manager', who: 1, manager: 0 },
    { kind: 'assign', who: 0, role: 'staff' },
    { kind: 'assign', who: 2, role: 'staff' },
    { kind: 'assign-team', team: 0, role: 'staff' },
  ] as const
).map((one) => ({ kind: 'change', change: one }));

export const histories = (longest: number): fc.Arbitrary<History> =>
  fc.record({
    settings,
    strangers: fc.uniqueArray(name, { maxLength: 2 }),
    steps: fc
      .tuple(
        fc.subarray([...beginnings], { minLength: 6 }),
        fc.array(step, { minLength: 4, maxLength: longest, size: 'max' }),
      )
      .map(([first, then]) => [...first, ...then]),
  });

export function told({ settings: given, strangers, steps }: History): string {
  const differs = Object.entries(given).filter(([key, value]) => value !== usual[key as keyof Settings]);
  return [
    `The job is as usual${differs.length === 0 ? '' : `, but for ${JSON.stringify(Object.fromEntries(differs))}`}.`,
    ...strangers.map((one) => `The application has an account ${userNameOf(one)} already.`),
    ...steps.map(sentence),
  ]
    .map((line, at) => `${String(at + 1).padStart(3)}. ${line}`)
    .join('\n');
}

const sentence = (one: Step): string => byKind(sentences, one);

const sentences: ByKind<Step, string> = {
  change: ({ change: one }) =>
    `${'team' in one ? `g${String(one.team)}` : `u${String(one.who)}`} ${byKind(changeSentences, one)}.`,
  settings: (one) => `The administrator sets ${JSON.stringify(one.change)}.`,
  trouble: ({ after, of, times, fault }) =>
    `After ${String(after)} more ${of}, ${String(times)} ${of} of the application end in: ${fault}.`,
  always: ({ fault }) =>
    fault === null ? 'The application is well again.' : `From now on all requests end in: ${fault}.`,
  'refuse-title': (one) =>
    one.title === null ? 'The application refuses no title.' : `The application refuses the title ${one.title}.`,
  'break-read': () => 'The next read of the directory breaks off half-way.',
  lose: ({ type, nth }) => `Somebody removes number ${String(nth)} of ${type} in the application.`,
  crash: ({ death: { when, afterCalls } }) => `The process will die ${when} call ${String(afterCalls)} of its ports.`,
  cycle: () => 'The time of the job has come, and its cycle runs to the end.',
  run: () => 'The operator asks for a cycle, and it runs to the end.',
  begin: () => 'The time of the job has come: a cycle is opened.',
  work: ({ tasks }) => `${String(tasks)} tasks of the queue are done.`,
  pause: () => 'The operator pauses the job.',
  start: () => 'The operator starts the job.',
  restart: ({ scopes }) => `The operator restarts with ${scopes === '' ? 'empty criteria' : scopes}.`,
  'on-demand': (one) => `u${String(one.who)} is provisioned on demand${one.dryRun ? ', what-if' : ''}.`,
  'on-demand-team': (one) => `g${String(one.team)} with u${String(one.who)} is provisioned on demand.`,
  later: ({ hours }) => `${String(hours)} hours pass.`,
};

const changeSentences: ByKind<Change, string> = {
  hire: (one) => `is created as ${userNameOf(one.name)} in ${one.department}`,
  rename: (one) => `is renamed to ${userNameOf(one.name)}`,
  title: (one) => `gets the title ${String(one.title)}`,
  move: (one) => `moves to ${one.department}`,
  manager: (one) => `gets ${one.manager === null ? 'no manager' : `the manager u${String(one.manager)}`}`,
  enable: () => 'is enabled',
  disable: () => 'is disabled',
  delete: () => 'is soft-deleted',
  restore: () => 'is restored',
  purge: () => 'is purged',
  found: (one) => `is created as ${teamNameOf(one.name)}`,
  'rename-team': (one) => `is renamed to ${teamNameOf(one.name)}`,
  join: (one) => `gets the member u${String(one.who)}`,
  leave: (one) => `loses the member u${String(one.who)}`,
  dissolve: () => 'is deleted',
  assign: (one) => `is assigned with the role ${one.role}`,
  'assign-team': (one) => `is assigned with the role ${one.role}`,
  unassign: () => 'is unassigned',
  'unassign-team': () => 'is unassigned',
};
