// A schema document that somebody wants to save → the schema, with every default filled in, or all that is wrong with it.
import type { SchemaFinding, SynchronizationRule, SynchronizationSchema } from '../model/schema.ts';
import type { Reader } from './decode.ts';
import { has, objects, readerOf } from './decode.ts';
import { decodeDirectory, reportRepeated } from './decode-directories.ts';
import { decodeRule } from './decode-rules.ts';
import { contextOf, isReported } from './mapping-context.ts';
import { validateAttributeMappings } from './validate-attribute-mappings.ts';
import { validateMatching } from './validate-matching.ts';
import { validateScope } from './validate-scope.ts';

export interface SchemaContext {
  /** Id and version are the server's: those in the document are ignored. */
  readonly id: string;
  readonly version: string;
  /** What the document replaces; null when there is nothing yet. */
  readonly current: SynchronizationSchema | null;
}
export type ReadSchema =
  | { readonly ok: true; readonly schema: SynchronizationSchema }
  | { readonly ok: false; readonly findings: readonly SchemaFinding[] };

/**
 * Reads Graph's synchronizationSchema. Unknown members and `@odata.*` are ignored. A document without `directories`
 * keeps the current ones: they are a navigation property that clients may not have asked for.
 */
export function readSchema(document: unknown, context: SchemaContext): ReadSchema {
  const findings: SchemaFinding[] = [];
  const schema = decode(readerOf(document, '', findings), context);
  if (schema.synchronizationRules.length === 0 && findings.length === 0) {
    findings.push({
      path: 'synchronizationRules',
      code: 'SchemaInvalid',
      message: 'The schema has no synchronization rules: send the whole document.',
    });
  }
  validateRuleIds(schema.synchronizationRules, context.current, findings);
  for (const [r, rule] of schema.synchronizationRules.entries())
    validateRule(schema, rule, `synchronizationRules[${String(r)}]`, findings);
  return findings.length === 0 ? { ok: true, schema } : { ok: false, findings };
}

function decode(reader: Reader, { id, version, current }: SchemaContext): SynchronizationSchema {
  const synchronizationRules = objects(reader, 'synchronizationRules', decodeRule);
  const kept = has(reader, 'directories') ? null : current;
  const directories = kept?.directories ?? objects(reader, 'directories', decodeDirectory);
  reportRepeated(reader, 'directories', directories);
  return { id, version, synchronizationRules, directories };
}

// Rules come with the template; a job cannot gain or lose one.
function validateRuleIds(
  rules: readonly SynchronizationRule[],
  current: SynchronizationSchema | null,
  findings: SchemaFinding[],
): void {
  const known = current?.synchronizationRules.map((rule) => rule.id);
  const seen = new Set<string>();
  for (const [i, { id }] of rules.entries()) {
    const path = `synchronizationRules[${String(i)}].id`;
    if (seen.has(id))
      findings.push({ path, code: 'SchemaInvalid', message: `The rule ${id} occurs twice: remove one of them.` });
    else if (id !== '' && known?.includes(id) === false) {
      findings.push({
        path,
        code: 'SchemaInvalid',
        message: `This job has no rule ${id}: keep the id ${known.join(' or ')}.`,
      });
    }
    seen.add(id);
  }
  const missing = rules.length === 0 ? undefined : known?.find((id) => !seen.has(id));
  if (missing === undefined) return;
  const message = `The rule ${missing} is missing: send the whole document. To stop it, set enabled of its object mappings to false.`;
  findings.push({ path: 'synchronizationRules', code: 'SchemaInvalid', message });
}

function validateRule(
  schema: SynchronizationSchema,
  rule: SynchronizationRule,
  path: string,
  findings: SchemaFinding[],
): void {
  for (const [m, mapping] of rule.objectMappings.entries()) {
    const at = `${path}.objectMappings[${String(m)}]`;
    if (isReported(findings, `${at}.sourceObjectName`)) continue;
    const context = contextOf(schema, rule, { mapping, path: at, findings });
    validateAttributeMappings(context);
    validateMatching(context);
    validateScope(context);
  }
}
