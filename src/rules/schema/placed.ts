// Says where a finding is in words that an administrator knows: names of rule and mappings, position in the expression.
import { nextToken, SyntaxFailure } from '../expressions/lexer.ts';
import type { Token } from '../expressions/lexer.ts';
import type { SchemaFinding, SynchronizationSchema } from '../model/schema.ts';
import type { Finding } from './finding.ts';

/** `document` is what was sent: positions count in the text as somebody wrote it. */
export function placed(schema: SynchronizationSchema, document: unknown, found: Finding): SchemaFinding {
  const { token, ...rest } = found;
  const rule = schema.synchronizationRules[indexOf(found, 'synchronizationRules')];
  const mapping = rule?.objectMappings[indexOf(found, 'objectMappings')];
  const attribute = mapping?.attributeMappings[indexOf(found, 'attributeMappings')];
  return {
    ...rest,
    rule: rule?.name ?? null,
    mapping: mapping?.name ?? null,
    attribute: attribute?.targetAttributeName ?? null,
    at: found.at ?? (token === null ? null : positionOf(token, valueAt(document, `${found.path}.expression`))),
  };
}

const indexOf = ({ path }: Finding, list: string): number =>
  Number(new RegExp(String.raw`(?:^|\.)${list}\[(\d+)\]`).exec(path)?.[1]);

/** What stands at the path; undefined when nothing does. */
export function valueAt(document: unknown, path: string): unknown {
  const steps = path.split(/[.[\]]+/);
  return steps.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string, unknown>)[step]
        : undefined,
    document,
  );
}

/** Where the token stands first in the text, from 1; `null` when it does not. */
function positionOf(wanted: string, text: unknown): number | null {
  if (typeof text !== 'string') return null;
  const named = (token: Token): string | null => {
    if (token.kind === 'attribute') return `[${token.name}]`;
    return token.kind === 'end' ? null : text.slice(token.at, token.end);
  };
  try {
    for (let token = nextToken(text, 0); token.kind !== 'end'; token = nextToken(text, token.end))
      if (named(token) === wanted) return token.at + 1;
  } catch (failure) {
    if (!(failure instanceof SyntaxFailure)) throw failure;
  }
  return null;
}
