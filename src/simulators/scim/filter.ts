// Filters of RFC 7644 §3.4.2.2 parsed against a schema into a tree; unknown attributes are refused (400 invalidFilter).
import type { Attribute, AttributeSet, ResourceSchema } from './attribute.ts';
import type { Token } from './filter-lexer.ts';
import { tokenise } from './filter-lexer.ts';
import { badRequest } from './scim-error.ts';

const comparisons = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
export type Comparison = (typeof comparisons)[number];
export type Literal = string | number | boolean | null;

/** Keys to follow from the resource (or element) to the value. */
export interface Place {
  readonly steps: readonly string[];
  readonly caseExact: boolean;
}
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'present'; readonly place: Place }
  | { readonly kind: 'compare'; readonly place: Place; readonly op: Comparison; readonly value: Literal }
  /** True when one element of the attribute fulfils the inner filter. */
  | { readonly kind: 'element'; readonly place: Place; readonly filter: Filter };

/** Names that a filter may use: those of a resource, or those of one element. */
export interface Scope {
  readonly attributes: AttributeSet;
  readonly extensions: ResourceSchema['extensions'];
  readonly coreId: string;
}
export const resourceScope = (schema: ResourceSchema): Scope => ({
  attributes: schema.core.attributes,
  extensions: schema.extensions,
  coreId: schema.core.id,
});
export const elementScope = (attribute: Attribute): Scope => ({
  attributes: attribute.subAttributes,
  extensions: [],
  coreId: '',
});

interface Cursor {
  readonly tokens: readonly Token[];
  readonly source: string;
  at: number;
}

export function parseFilter(source: string, scope: Scope): Filter {
  const cursor: Cursor = { tokens: tokenise(source), source, at: 0 };
  const filter = parseOr(cursor, scope);
  if (cursor.at < cursor.tokens.length) throw malformed(cursor);
  return filter;
}

const malformed = (cursor: Cursor): Error =>
  badRequest('invalidFilter', `The filter is not well formed: ${cursor.source}`);

function word(cursor: Cursor): string | null {
  const token = cursor.tokens[cursor.at];
  return token?.kind === 'word' ? token.text : null;
}
function takeWord(cursor: Cursor, text: string): boolean {
  if (word(cursor)?.toLowerCase() !== text) return false;
  cursor.at += 1;
  return true;
}
function takeMark(cursor: Cursor, text: string): boolean {
  const token = cursor.tokens[cursor.at];
  if (token?.kind !== 'mark' || token.text !== text) return false;
  cursor.at += 1;
  return true;
}

function parseOr(cursor: Cursor, scope: Scope): Filter {
  let left = parseAnd(cursor, scope);
  while (takeWord(cursor, 'or')) left = { kind: 'or', left, right: parseAnd(cursor, scope) };
  return left;
}
function parseAnd(cursor: Cursor, scope: Scope): Filter {
  let left = parseTerm(cursor, scope);
  while (takeWord(cursor, 'and')) left = { kind: 'and', left, right: parseTerm(cursor, scope) };
  return left;
}
function parseTerm(cursor: Cursor, scope: Scope): Filter {
  if (takeWord(cursor, 'not')) return { kind: 'not', of: parseGroup(cursor, scope) };
  return cursor.tokens[cursor.at]?.kind === 'mark' ? parseGroup(cursor, scope) : parseExpression(cursor, scope);
}
function parseGroup(cursor: Cursor, scope: Scope): Filter {
  if (!takeMark(cursor, '(')) throw malformed(cursor);
  const inner = parseOr(cursor, scope);
  if (!takeMark(cursor, ')')) throw malformed(cursor);
  return inner;
}

function parseExpression(cursor: Cursor, scope: Scope): Filter {
  const name = word(cursor);
  if (name === null) throw malformed(cursor);
  cursor.at += 1;
  const found = resolve(name, scope);
  if (!takeMark(cursor, '[')) return parseComparison(cursor, found);
  if (!found.attribute.multiValued)
    throw badRequest('invalidFilter', `Attribute ${name} has one value and takes no filter.`);
  const inner = elementScope(found.attribute);
  const filter = parseOr(cursor, inner);
  if (!takeMark(cursor, ']')) throw malformed(cursor);
  const sub = word(cursor);
  if (sub?.startsWith('.') !== true) return { kind: 'element', place: found.place, filter };
  cursor.at += 1;
  const compared = parseComparison(cursor, resolve(sub.slice(1), inner));
  return { kind: 'element', place: found.place, filter: { kind: 'and', left: filter, right: compared } };
}

interface Found {
  readonly place: Place;
  readonly attribute: Attribute;
}

function parseComparison(cursor: Cursor, found: Found): Filter {
  const { attribute } = found;
  const place =
    attribute.type === 'complex' && attribute.subAttributes.has('value')
      ? { steps: [...found.place.steps, 'value'], caseExact: attribute.subAttributes.get('value')?.caseExact ?? false }
      : found.place;
  if (takeWord(cursor, 'pr')) return { kind: 'present', place: found.place };
  const op = comparisons.find((each) => takeWord(cursor, each));
  if (op === undefined) throw malformed(cursor);
  return { kind: 'compare', place, op, value: literal(cursor) };
}

function literal(cursor: Cursor): Literal {
  const token = cursor.tokens[cursor.at];
  cursor.at += 1;
  if (token?.kind === 'string') return token.value;
  const text = token?.kind === 'word' ? token.text : '';
  if (!/^(?:true|false|null|-?\d+(?:\.\d+)?)$/.test(text)) throw malformed(cursor);
  return JSON.parse(text) as Literal;
}

function resolve(name: string, scope: Scope): Found {
  const lower = name.toLowerCase();
  for (const { id, attributes } of scope.extensions) {
    if (lower.startsWith(`${id.toLowerCase()}:`)) return resolveIn(name, name.slice(id.length + 1), attributes, [id]);
  }
  const core = scope.coreId.toLowerCase();
  const local = core !== '' && lower.startsWith(`${core}:`) ? name.slice(core.length + 1) : name;
  return resolveIn(name, local, scope.attributes, []);
}

function resolveIn(name: string, local: string, set: AttributeSet, base: readonly string[]): Found {
  const [head = '', sub, ...rest] = local.split('.');
  const attribute = set.get(head.toLowerCase());
  const inner = sub === undefined ? undefined : attribute?.subAttributes.get(sub.toLowerCase());
  const last = sub === undefined ? attribute : inner;
  if (attribute === undefined || last === undefined || rest.length > 0) {
    throw badRequest('invalidFilter', `Attribute ${name} is not known.`);
  }
  const steps = [...base, attribute.name, ...(inner === undefined ? [] : [inner.name])];
  return { place: { steps, caseExact: last.caseExact }, attribute: last };
}
