// What must be written to bring an account from what is known of it to what is desired.
import type { CompiledMapping } from '../mapping/compile.ts';
import type { AttributeChange, DesiredAttributes } from '../model/decisions.ts';
import type { Json } from '../model/json.ts';
import type { KnownAttributes } from '../model/target.ts';
import { sameValue } from './same-value.ts';

/**
 * In the order of the mappings; empty when nothing differs. A mapping with FlowAlways goes along whenever something is
 * written anyway, and never alone: unchanged inputs send no write (invariant 10).
 */
export function diffAttributes(
  mappings: readonly CompiledMapping[],
  desired: DesiredAttributes,
  known: KnownAttributes,
): readonly AttributeChange[] {
  const flowing = new Map(
    mappings.flatMap((mapping) => (Object.hasOwn(desired, mapping.targetPath) ? [[mapping.targetPath, mapping]] : [])),
  );
  const compared = [...flowing].map(([path, mapping]) => {
    const before = known[path] ?? null;
    const after = flowingValue(mapping, desired[path] ?? null, before);
    return { path, mapping, before, after, differs: differs(mapping, before, after) };
  });
  if (!compared.some((one) => one.differs)) return [];
  return compared
    .filter((one) => one.differs || (one.mapping.flowBehavior === 'FlowAlways' && !isEmpty(one.after)))
    .map(({ path, before, after }) => ({ path, op: before === null ? 'add' : 'replace', before, after }));
}

/** An empty text or list is not written where nothing stands: strict servers refuse it, and nothing would change. */
const differs = (mapping: CompiledMapping, before: Json, after: Json): boolean =>
  before === null ? !isEmpty(after) : !sameValue(before, after, mapping);

const isEmpty = (value: Json): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** Flow types that only add leave standing what is there. */
function flowingValue({ expression, flowType }: CompiledMapping, desired: Json, before: Json): Json {
  if (before === null) return desired;
  if (expression === null) return before;
  switch (flowType) {
    case 'ValueAddOnly':
    case 'AttributeAddOnly':
      return before;
    case 'MultiValueAddOnly':
      return Array.isArray(before) && Array.isArray(desired) ? union(before, desired) : desired;
    case 'Always':
    case 'ObjectAddOnly':
      return desired;
  }
}

function union(before: readonly Json[], added: readonly Json[]): readonly Json[] {
  const exact = { targetType: 'String', caseExact: true } as const;
  return [...before, ...added.filter((value) => !before.some((old) => sameValue(old, value, exact)))];
}
