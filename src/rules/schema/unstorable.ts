// Texts that JSON can carry and the database cannot keep: a schema that holds one is refused, not broken later.
import { finding } from './finding.ts';
import type { Finding } from './finding.ts';

// U+0000, and halves of a surrogate pair without the other.
const unstorable = /\0|\p{Surrogate}/u;
const MAX_DEPTH = 1000;

export function reportUnstorable(document: unknown, findings: Finding[], path = '', depth = 0): void {
  if (typeof document === 'string' && unstorable.test(document)) {
    findings.push(
      finding(path, 'The text holds a character that cannot be stored: U+0000 or half of a surrogate pair.', {
        remedy: 'Remove it.',
      }),
    );
  }
  if (typeof document !== 'object' || document === null) return;
  if (depth > MAX_DEPTH) {
    findings.push(
      finding(path.slice(0, 200), 'The document is nested too deeply.', { remedy: 'Send the schema alone.' }),
    );
    return;
  }
  for (const [name, value] of Object.entries(document)) {
    if (unstorable.test(name)) reportUnstorable(name, findings, path);
    const step = Array.isArray(document) ? `[${name}]` : path === '' ? name : `.${name}`;
    reportUnstorable(value, findings, `${path}${step}`, depth + 1);
  }
}
