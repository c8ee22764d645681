// When are two values of a target attribute the same? Servers differ in how they hold and order what they were given.
import type { CompiledMapping } from '../mapping/compile-mapping.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { member } from '../scim/read-path.ts';

type Typing = Pick<CompiledMapping, 'targetType' | 'caseExact'>;

/**
 * Exactly equal, but for this: where the target attribute is not case-exact, a change of case alone is none (Entra's rule);
 * booleans and integers kept as text are what they say; lists are sets, and an element may hold more than was asked for.
 */
export function sameValue(before: Json, after: Json, typing: Typing): boolean {
  if (!isList(before) || !isList(after)) return canonical(before, typing) === canonical(after, typing);
  const covered = (held: Json, wanted: Json): boolean => covers(held, wanted, typing);
  return (
    before.length === after.length &&
    after.every((wanted) => before.some((held) => covered(held, wanted))) &&
    before.every((held) => after.some((wanted) => covered(held, wanted)))
  );
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !isList(value);

/** Servers add members of their own to an element, and leave out what is false. */
function covers(held: Json, wanted: Json, typing: Typing): boolean {
  if (!isObject(held) || !isObject(wanted)) return canonical(held, typing) === canonical(wanted, typing);
  return Object.entries(wanted).every(([name, value]) => {
    const found = member(held, name);
    return found === undefined ? value === false : canonical(found, typing) === canonical(value, typing);
  });
}

/** One text for all values that are the same. */
export function canonical(value: Json, typing: Typing): string {
  if (isList(value))
    return `[${value
      .map((element) => canonical(element, typing))
      .toSorted()
      .join(',')}]`;
  if (isObject(value)) {
    const entries = Object.entries(value).map(([key, part]) => `${JSON.stringify(key)}:${canonical(part, typing)}`);
    return `{${entries.toSorted().join(',')}}`;
  }
  return JSON.stringify(typeof value === 'string' ? canonicalText(value, typing) : value);
}

function canonicalText(text: string, { targetType, caseExact }: Typing): Json {
  if (targetType === 'Boolean' && /^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (targetType === 'Integer' && /^-?\d{1,15}$/.test(text)) return Number(text);
  return caseExact ? text : text.toLowerCase();
}
