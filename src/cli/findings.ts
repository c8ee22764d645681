// What is wrong with a schema, for a terminal: one row per finding, below it the expression with a caret, and the remedy.
import type { SchemaFinding } from '../rules/model/schema.ts';
import { pointAt } from './caret.ts';
import { renderTable } from './table.ts';
import { printable } from './text.ts';

/** `document` is what was checked: expressions are shown as they are written there. */
export function renderFindings(findings: readonly SchemaFinding[], document: unknown): string {
  const table = renderTable(
    [
      '#',
      'SEVERITY',
      { title: 'RULE', most: 32 },
      { title: 'MAPPING', most: 60 },
      { title: 'AT', most: 6 },
      { title: 'WHAT IS WRONG', most: 160 },
    ],
    findings.map((found, index) => [index + 1, found.severity, found.rule, placeOf(found), found.at, found.message]),
  );
  const [titles = '', ...rows] = table.split('\n');
  return [titles, ...rows.flatMap((row, index) => [row, ...below(findings[index], document)])].join('\n');
}

const placeOf = ({ mapping, attribute, path }: SchemaFinding): string =>
  mapping === null ? path : [mapping, ...(attribute === null ? [] : [attribute])].join(' › ');

function below(found: SchemaFinding | undefined, document: unknown): readonly string[] {
  if (found === undefined) return [];
  const text = found.at === null ? null : expressionAt(document, found.path);
  return [
    ...(text === null || found.at === null ? [] : [indented(pointAt(text, found.at - 1))]),
    ...(found.remedy === '' ? [] : [indented(`→ ${printable(found.remedy)}`)]),
  ];
}
const indented = (text: string): string => text.replace(/^/gm, '    ');

/** A finding stands at the source or at its expression. */
function expressionAt(document: unknown, path: string): string | null {
  const found = [path, `${path}.expression`].map((each) => valueAt(document, each)).find((v) => typeof v === 'string');
  return typeof found === 'string' ? found : null;
}

const valueAt = (document: unknown, path: string): unknown =>
  path
    .split(/[.[\]]+/)
    .filter((step) => step !== '')
    .reduce<unknown>(
      (value, step) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, step)
          ? (value as Readonly<Record<string, unknown>>)[step]
          : undefined,
      document,
    );
