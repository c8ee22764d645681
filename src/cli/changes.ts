// What differs between two schemas, for a terminal.
import type { SchemaChange } from '../rules/schema/diff-schema.ts';
import { renderTable } from './table.ts';

export const renderChanges = (changes: readonly SchemaChange[]): string =>
  renderTable(
    [
      { title: 'CHANGE', most: 8 },
      { title: 'WHERE', most: 90 },
      { title: 'BEFORE', most: 60 },
      { title: 'AFTER', most: 60 },
    ],
    changes.map(({ kind, where, before, after }) => [kind, where, shown(before), shown(after)]),
  );

const shown = (value: SchemaChange['before']): string =>
  value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
