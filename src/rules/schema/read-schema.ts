// A schema document that somebody wants to save → the schema, with every default filled in, or all that is wrong with it.
import type { SchemaFinding, SynchronizationRule, SynchronizationSchema } from '../model/schema.ts';
import type { Reader } from './decode.ts';
import { has, objects, preserving, readerOf } from './decode.ts';
import { decodeDirectory, reportRepeated } from './decode-directories.ts';
import { decodeRule } from './decode-rules.ts';
import { finding, isReported } from './finding.ts';
import type { Finding } from './finding.ts';
import { contextOf } from './mapping-context.ts';
import { placed } from './placed.ts';
import { reportUnstorable } from './unstorable.ts';
import { validateAttributeMappings } from './validate-attribute-mappings.ts';
import { validateMatching } from './validate-matching.ts';
import { validateScope } from './validate-scope.ts';
import { validateDirectories, validateTargetObject } from './validate-sides.ts';
import { warnings } from './warnings.ts';

export interface SchemaContext {
  /** Id and version are the server's: those in the document are ignored. */
  readonly id: string;
  readonly version: string;
  /** What the document replaces; null when there is nothing yet. */
  readonly current: SynchronizationSchema | null;
  /** The job looks at all users and groups, assigned or not. */
  readonly syncAll?: boolean;
}
export type ReadSchema =
  | { readonly ok: true; readonly schema: SynchronizationSchema; readonly warnings: readonly SchemaFinding[] }
  /** Errors first, warnings among them at the end. */
  | { readonly ok: false; readonly findings: readonly SchemaFinding[] };

/**
 * Reads Graph's synchronizationSchema. Members that the engine has no use for are kept; `@odata.*` is ignored. A document
 * without `directories` keeps the current ones: they are a navigation property that clients may not have asked for.
 */
export function readSchema(document: unknown, context: SchemaContext): ReadSchema {
  const found: Finding[] = [];
  const schema = decode(readerOf(document, '', found), context);
  reportUnstorable(document, found);
  if (schema.synchronizationRules.length === 0 && found.length === 0) {
    found.push(
      finding('synchronizationRules', 'The schema has no synchronization rules.', {
        remedy: 'Send the whole document.',
      }),
    );
  }
  validateRuleIds(schema.synchronizationRules, context.current, found);
  for (const [r, rule] of schema.synchronizationRules.entries())
    validateRule(
      { schema, document, syncAll: context.syncAll ?? false, found },
      rule,
      `synchronizationRules[${String(r)}]`,
    );
  const findings = found.map((one) => placed(schema, document, one));
  const errors = findings.filter(({ severity }) => severity === 'error');
  const mild = findings.filter(({ severity }) => severity === 'warning');
  return errors.length === 0 ? { ok: true, schema, warnings: mild } : { ok: false, findings: [...errors, ...mild] };
}

function decode(reader: Reader, { id, version, current }: SchemaContext): SynchronizationSchema {
  const synchronizationRules = objects(reader, 'synchronizationRules', decodeRule);
  const kept = has(reader, 'directories') ? null : current;
  const directories = kept?.directories ?? objects(reader, 'directories', decodeDirectory);
  reportRepeated(reader, 'directories', directories);
  return preserving(reader, { id, version, synchronizationRules, directories });
}

// Rules come with the template; a job cannot gain or lose one.
function validateRuleIds(
  rules: readonly SynchronizationRule[],
  current: SynchronizationSchema | null,
  findings: Finding[],
): void {
  const known = current?.synchronizationRules.map((rule) => rule.id);
  const seen = new Set<string>();
  for (const [i, { id }] of rules.entries()) {
    const path = `synchronizationRules[${String(i)}].id`;
    if (seen.has(id)) findings.push(finding(path, `The rule ${id} occurs twice.`, { remedy: 'Remove one of them.' }));
    else if (id !== '' && known?.includes(id) === false) {
      findings.push(finding(path, `This job has no rule ${id}.`, { remedy: `Keep the id ${known.join(' or ')}.` }));
    }
    seen.add(id);
  }
  const missing = rules.length === 0 ? undefined : known?.find((id) => !seen.has(id));
  if (missing === undefined) return;
  findings.push(
    finding('synchronizationRules', `The rule ${missing} is missing.`, {
      remedy: 'Send the whole document. To stop the rule, set enabled of its object mappings to false.',
    }),
  );
}

interface Checked {
  readonly schema: SynchronizationSchema;
  readonly document: unknown;
  readonly syncAll: boolean;
  readonly found: Finding[];
}

function validateRule({ schema, document, syncAll, found }: Checked, rule: SynchronizationRule, path: string): void {
  validateDirectories(schema, rule, path, found);
  for (const [m, mapping] of rule.objectMappings.entries()) {
    const at = `${path}.objectMappings[${String(m)}]`;
    if (isReported(found, `${at}.sourceObjectName`)) continue;
    validateTargetObject(schema, rule, mapping, at, found);
    const context = contextOf(schema, rule, { mapping, path: at, findings: found, document });
    validateAttributeMappings(context);
    validateMatching(context);
    validateScope(context);
    warnings(context, syncAll);
  }
}
