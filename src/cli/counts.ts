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

export const renderCounts = (cycles: readonly CountsLine[]): string => render(cycles, shown);

/** Fits a narrow terminal: columns in which nothing happened are left out, but for those that one looks for. */
export const renderShortCounts = (cycles: readonly CountsLine[]): string =>
  render(
    cycles,
    shown.filter(([, counter]) => lookedFor.includes(counter) || cycles.some(({ counts }) => counts[counter] > 0)),
  );
const lookedFor: readonly CycleCounter[] = ['created', 'updated', 'failed', 'targetWrites'];

const render = (cycles: readonly CountsLine[], columns: typeof shown): string =>
  renderTable(
    [{ title: 'APPLICATION', most: 40 }, 'RESULT', ...columns.map(([title]) => title)],
    cycles.map(({ name, state, counts }) => [name, state, ...columns.map(([, counter]) => counts[counter])]),
  );
