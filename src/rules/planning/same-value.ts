// When are two values of a target attribute the same? Servers differ in how they hold and order what they were given.
import type { CompiledMapping } from '../mapping/compile.ts';
import type { Json, JsonObject } from '../model/json.ts';

type Typing = Pick<CompiledMapping, 'targetType' | 'caseExact'>;

/**
 * Exactly equal, but for this: where the target attribute is not case-exact, a change of case alone is none (Entra's rule);
 * booleans and integers kept as text are what they say; lists have no order.
 */
export const sameValue = (a: Json, b: Json, typing: Typing): boolean => canonical(a, typing) === canonical(b, typing);

function canonical(value: Json, typing: Typing): string {
  if (Array.isArray(value)) {
    const elements = (value as readonly Json[]).map((element) => canonical(element, typing));
    return `[${elements.toSorted().join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value as JsonObject).map(
      ([key, part]) => `${JSON.stringify(key)}:${canonical(part, typing)}`,
    );
    return `{${entries.toSorted().join(',')}}`;
  }
  return JSON.stringify(typeof value === 'string' ? canonicalText(value, typing) : value);
}

function canonicalText(text: string, { targetType, caseExact }: Typing): Json {
  if (targetType === 'Boolean' && /^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (targetType === 'Integer' && /^-?\d{1,15}$/.test(text)) return Number(text);
  return caseExact ? text : text.toLowerCase();
}
