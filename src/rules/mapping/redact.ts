// Values that nobody may see in a log: where they are shown stands `[Redact]`, as in Entra.
import type { Expression } from '../expressions/ast.ts';
import { redacts } from '../expressions/references.ts';
import type { ObjectError } from '../model/errors.ts';
import type { Json } from '../model/json.ts';
import { pathKey } from '../scim/path.ts';

export const REDACTED = '[Redact]';

/** What a mapping writes is never shown where its expression says so, and neither is a password (RFC 7643 §4.1.1). */
export const isRedacted = (targetPath: string, expression: Expression | null): boolean =>
  /(?:^|:)password$/.test(pathKey(targetPath)) || (expression !== null && redacts(expression));

/** The texts that a value consists of. */
const textsIn = (value: Json): readonly string[] => {
  if (typeof value === 'string' || typeof value === 'number') return value === '' ? [] : [String(value)];
  return typeof value === 'object' && value !== null ? (Object.values(value) as readonly Json[]).flatMap(textsIn) : [];
};

/** A target may repeat what it was sent in the text of its refusal. */
export function redactedError(error: ObjectError, secrets: readonly Json[]): ObjectError {
  const texts = secrets.flatMap(textsIn).toSorted((a, b) => b.length - a.length);
  if (texts.length === 0) return error;
  const clean = (text: string): string => texts.reduce((cleaned, secret) => without(cleaned, secret), text);
  const { message, detail } = error;
  return { ...error, message: clean(message), ...(detail === undefined ? {} : { detail: clean(detail) }) };
}

const SHORT = 4;
/** Short values stand in other words too: they are replaced only where they stand alone. In JSON they are escaped. */
function without(text: string, secret: string): string {
  const spellings = [...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(wellFormed(secret))])];
  return spellings.reduce((cleaned, spelling) => {
    if (spelling.length >= SHORT) return cleaned.replaceAll(spelling, REDACTED);
    const escaped = spelling.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
    return cleaned.replaceAll(new RegExp(String.raw`(?<![\p{L}\p{N}])${escaped}(?![\p{L}\p{N}])`, 'gu'), REDACTED);
  }, text);
}

const wellFormed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
