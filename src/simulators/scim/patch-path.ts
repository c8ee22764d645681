// The path of a PATCH operation (RFC 7644 §3.5.2) resolved against a schema: which attribute, which elements, which part.
import type { Attribute, ResourceSchema, Schema } from './attribute.ts';
import type { Filter } from './filter.ts';
import { elementScope, parseFilter } from './filter.ts';
import { badRequest, ScimError } from './scim-error.ts';

export interface PatchTarget {
  readonly path: string;
  /** URN of the extension that holds the attribute; `null` for the core schema. */
  readonly extension: string | null;
  readonly attribute: Attribute;
  readonly filter: Filter | null;
  readonly sub: Attribute | null;
}
/** A path may also name a whole extension. */
export type PatchPath =
  | { readonly kind: 'attribute'; readonly target: PatchTarget }
  | { readonly kind: 'extension'; readonly schema: Schema };

const LONGEST_PATH = 2_000;
const shape = /^([^.[\]]+)(?:\[(.*)\])?(?:\.([^.[\]]+))?$/s;

export function parsePatchPath(path: string, schema: ResourceSchema): PatchPath {
  if (path.length > LONGEST_PATH) throw badRequest('invalidPath', 'The path is too long.');
  const trimmed = path.trim();
  const lower = trimmed.toLowerCase();
  for (const extension of schema.extensions) {
    const urn = extension.id.toLowerCase();
    if (lower === urn) return { kind: 'extension', schema: extension };
    if (lower.startsWith(`${urn}:`)) return inSchema(path, trimmed.slice(urn.length + 1), extension, extension.id);
  }
  const core = `${schema.core.id.toLowerCase()}:`;
  const local = lower.startsWith(core) ? trimmed.slice(core.length) : trimmed;
  if (/^urn:/i.test(local)) throw badRequest('invalidPath', `The extension of path ${path} is not known.`);
  return inSchema(path, local, schema.core, null);
}

function inSchema(path: string, local: string, schema: Schema, extension: string | null): PatchPath {
  const parts = shape.exec(local);
  const attribute = schema.attributes.get(parts?.[1]?.toLowerCase() ?? '');
  if (parts === null || attribute === undefined) throw badRequest('invalidPath', `Path ${path} is not known.`);
  if (attribute.mutability === 'readOnly') throw badRequest('mutability', `Attribute ${attribute.name} is read-only.`);
  const [, , filter, subName] = parts;
  const sub = subName === undefined ? null : attribute.subAttributes.get(subName.toLowerCase());
  if (sub === undefined) throw badRequest('invalidPath', `Path ${path} is not known.`);
  return {
    kind: 'attribute',
    target: {
      path,
      extension,
      attribute,
      sub,
      filter: filter === undefined ? null : elementFilter(path, filter, attribute),
    },
  };
}

function elementFilter(path: string, filter: string, attribute: Attribute): Filter {
  if (!attribute.multiValued)
    throw badRequest('invalidPath', `Attribute ${attribute.name} has one value and takes no filter.`);
  try {
    return parseFilter(filter, elementScope(attribute));
  } catch (error) {
    if (error instanceof ScimError) throw badRequest('invalidPath', `Path ${path}: ${error.message}`);
    throw error;
  }
}
