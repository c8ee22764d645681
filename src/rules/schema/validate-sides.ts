// Whether a rule names directories and objects that the document describes; a document without any describes nothing.
import { nearest } from '../expressions/nearest.ts';
import type {
  DirectoryDefinition,
  ObjectMapping,
  SynchronizationRule,
  SynchronizationSchema,
} from '../model/schema.ts';
import { finding } from './finding.ts';
import type { Finding } from './finding.ts';

export function validateDirectories(
  { directories }: SynchronizationSchema,
  rule: SynchronizationRule,
  path: string,
  findings: Finding[],
): void {
  for (const side of ['sourceDirectoryName', 'targetDirectoryName'] as const) {
    const name = rule[side];
    if (name === '' || directories.length === 0 || directories.some((one) => one.name === name)) continue;
    findings.push(
      finding(`${path}.${side}`, `The schema describes no directory ${name}.`, {
        remedy: `Use ${directories.map((one) => one.name).join(' or ')}, or add the directory.`,
      }),
    );
  }
}

export function validateTargetObject(
  { directories }: SynchronizationSchema,
  { targetDirectoryName }: SynchronizationRule,
  { targetObjectName: name }: ObjectMapping,
  path: string,
  findings: Finding[],
): void {
  const names = objectNames(directories.find((one) => one.name === targetDirectoryName));
  if (name === '' || names.length === 0 || names.some((one) => one.toLowerCase() === name.toLowerCase())) return;
  const near = nearest(name, names);
  findings.push(
    finding(`${path}.targetObjectName`, `The directory ${targetDirectoryName} has no object ${name}.`, {
      remedy: near === undefined ? `Use one of ${names.join(', ')}.` : `Did you mean ${near}?`,
    }),
  );
}

const objectNames = (directory: DirectoryDefinition | undefined): readonly string[] =>
  (directory?.objects ?? []).map(({ name }) => name);
