// Attribute paths of SCIM (RFC 7644 §3.10), as far as attribute mappings use them: read, print, compare.

export interface ScimPath {
  /** URN of the extension the attribute belongs to; `null` for the core schema, also when its URN was written out. */
  readonly schema: string | null;
  readonly attribute: string;
  /** Selects elements of a multi-valued attribute. */
  readonly filter: ValueFilter | null;
  readonly subAttribute: string | null;
}
/** `type eq "work"`; the only operator that mappings know. */
export interface ValueFilter {
  readonly attribute: string;
  readonly value: string | number | boolean;
}

const name = String.raw`[A-Za-z$][\w$-]*`;
const literal = String.raw`"(?:[^"\\]|\\.)*"|true|false|-?\d+(?:\.\d+)?`;
const grammar = new RegExp(
  String.raw`^(?:(urn:[^[\]"]+):)?(${name})(?:\[\s*(${name})\s+eq\s+(${literal})\s*\])?(?:\.(${name}))?$`,
  'i',
);
const coreSchema = /^urn:ietf:params:scim:schemas:core:2\.0:/i;

/** `null` for a text that is no path of this grammar. */
export function parsePath(text: string): ScimPath | null {
  const [, schema, attribute, filterAttribute, filterValue, subAttribute] = grammar.exec(text.trim()) ?? [];
  if (attribute === undefined) return null;
  const value = filterValue === undefined ? undefined : literalValue(filterValue);
  if (value === null) return null;
  return {
    schema: schema === undefined || coreSchema.test(schema) ? null : schema,
    attribute,
    filter: filterAttribute === undefined || value === undefined ? null : { attribute: filterAttribute, value },
    subAttribute: subAttribute ?? null,
  };
}

/** The same, for paths that were checked when the schema was saved: anything else is a bug. */
export function pathOf(text: string): ScimPath {
  const path = parsePath(text);
  if (path === null) throw new Error(`"${text}" is not a SCIM attribute path, and was saved as one`);
  return path;
}

/** Entra writes booleans as texts, as in `roles[primary eq "True"].value`; a strict server wants the boolean. */
function literalValue(text: string): string | number | boolean | null {
  if (/^"?(?:true|false)"?$/i.test(text)) return /true/i.test(text);
  if (!text.startsWith('"')) return Number(text);
  try {
    return JSON.parse(text) as string;
  } catch {
    return null;
  }
}

/** The path in the RFC's form. */
export function printPath({ schema, attribute, filter, subAttribute }: ScimPath): string {
  const prefix = schema === null ? '' : `${schema}:`;
  const selected = filter === null ? '' : `[${filter.attribute} eq ${JSON.stringify(filter.value)}]`;
  return `${prefix}${attribute}${selected}${subAttribute === null ? '' : `.${subAttribute}`}`;
}

/** The attribute or element that a sub-attribute belongs to: equal for `emails[type eq "work"].value` and `….display`. */
export const elementKey = (path: ScimPath): string => printPath({ ...path, subAttribute: null }).toLowerCase();

/** Equal for two spellings of one target path, also when the text is no path. */
export function pathKey(text: string): string {
  const path = parsePath(text);
  return path === null ? text.trim().toLowerCase() : printPath(path).toLowerCase();
}
