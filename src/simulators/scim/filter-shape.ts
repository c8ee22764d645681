// Which attributes a filter compares, in the notation of attribute paths; services filter by some of them only.
import type { ResourceSchema } from './attribute.ts';
import type { Filter } from './filter.ts';
import { badRequest } from './scim-error.ts';

export function checkFilterable(
  filter: Filter,
  schema: ResourceSchema,
  filterable: readonly string[] | undefined,
): void {
  if (filterable === undefined) return;
  const known = filterable.map((path) => path.toLowerCase());
  const other = comparedPaths(filter).find((path) => !known.includes(path.toLowerCase()));
  if (other === undefined) return;
  throw badRequest(
    'invalidFilter',
    `${schema.type}s cannot be filtered by ${other}, only by ${filterable.join(', ')}.`,
  );
}

function comparedPaths(filter: Filter): readonly string[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return [...comparedPaths(filter.left), ...comparedPaths(filter.right)];
    case 'not':
      return comparedPaths(filter.of);
    case 'present':
    case 'compare':
      return [pathOf(filter.place.steps)];
    case 'element':
      return elementPaths(pathOf(filter.place.steps), filter.filter);
  }
}

/** `emails[type eq "work"].value` and `emails[type eq "work" and value eq "…"]` compare the same. */
function elementPaths(attribute: string, inner: Filter): readonly string[] {
  const [selector, compared] = inner.kind === 'and' ? [inner.left, inner.right] : [null, inner];
  const selected = selector?.kind === 'compare' && selector.op === 'eq' && selector.place.steps[0] === 'type';
  const selection = selected ? `[type eq ${JSON.stringify(selector.value)}]` : '';
  const paths = selected ? comparedPaths(compared) : comparedPaths(inner);
  return paths.map((path) => `${attribute}${selection}.${path}`);
}

/** Attributes of extensions follow their URN after a colon. */
function pathOf([first = '', ...rest]: readonly string[]): string {
  const [second, ...others] = rest;
  if (second === undefined) return first;
  return `${first}${first.startsWith('urn:') ? ':' : '.'}${[second, ...others].join('.')}`;
}
