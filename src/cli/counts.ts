// The table that a cycle ends with: what was created, updated, disabled, and so on.
import type { CycleCounter } from '../rules/model/job.ts';
import { renderTable } from './table.ts';

export interface CountsLine {
  readonly name: string;
  readonly state: string;
  readonly counts: Readonly<Record<CycleCounter, number>>;
}

const shown: readonly (readonly [title: string, counter: CycleCounter])[] = [
  ['CREATED', 'created'],
  ['UPDATED', 'updated'],
  ['DISABLED', 'disabled'],
  ['RESTORED', 'restored'],
  ['DELETED', 'deleted'],
  ['SKIPPED', 'skipped'],
  ['FAILED', 'failed'],
  ['HELD', 'held'],
  ['MEMBERS +', 'membersAdded'],
  ['MEMBERS -', 'membersRemoved'],
  ['WRITES', 'targetWrites'],
];

export const renderCounts = (cycles: readonly CountsLine[]): string =>
  renderTable(
    [{ title: 'APPLICATION', most: 40 }, 'RESULT', ...shown.map(([title]) => title)],
    cycles.map(({ name, state, counts }) => [name, state, ...shown.map(([, counter]) => counts[counter])]),
  );
