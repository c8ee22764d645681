// A finding while a schema is read: its path says where it is; names and positions are looked up at the end.
import type { SchemaFinding } from '../model/schema.ts';

export interface Finding extends Omit<SchemaFinding, 'rule' | 'mapping' | 'attribute'> {
  /** What the finding is about in the text of the expression, as the language writes it: `[jobTitle]`, `Mid`, `"a"`. */
  readonly token: string | null;
}
/** What a check says beside the sentence of what is wrong. An error of code SchemaInvalid unless it says otherwise. */
export type FindingRest = Partial<Pick<Finding, 'severity' | 'code' | 'remedy' | 'at' | 'token'>>;

export const finding = (path: string, message: string, rest: FindingRest = {}): Finding => ({
  severity: 'error',
  path,
  code: 'SchemaInvalid',
  message,
  remedy: '',
  at: null,
  token: null,
  ...rest,
});

/** Something at or below this place is already known to be wrong. */
export const isReported = (findings: readonly Finding[], path: string): boolean =>
  findings.some(
    (f) =>
      f.severity === 'error' && (f.path === path || f.path.startsWith(`${path}.`) || f.path.startsWith(`${path}[`)),
  );
