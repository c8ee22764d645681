// What must be written to bring an account from what is known of it to what is desired.
import type { CompiledMapping } from '../mapping/compile-mapping.ts';
import type { AttributeChange, DesiredAttributes, RoleOfValue } from '../model/decisions.ts';
import type { Json } from '../model/json.ts';
import type { KnownAttributes } from '../model/target.ts';
import { sameValue } from './same-value.ts';
import type { Seal } from './seal.ts';

/**
 * In the order of the mappings; empty when nothing differs. A mapping with FlowAlways goes along whenever something is
 * written anyway, and never alone: unchanged inputs send no write (invariant 10). Values that must not be shown are compared
 * as they are kept. `roles` are those that the object holds.
 */
export function diffAttributes(
  mappings: readonly CompiledMapping[],
  desired: DesiredAttributes,
  known: KnownAttributes,
  seal: Seal,
  roles: readonly RoleOfValue[] = [],
): readonly AttributeChange[] {
  const compared = mappings
    .filter(({ targetPath }) => Object.hasOwn(desired, targetPath))
    .map((mapping): Compared => {
      const before = seal(mapping, known[mapping.targetPath] ?? null);
      const after = flowingValue(mapping, desired[mapping.targetPath] ?? null, before, seal);
      return { mapping, before, after, kept: seal(mapping, after) };
    });
  if (!compared.some(differs)) return [];
  return compared
    .filter((one) => differs(one) || (one.mapping.flowBehavior === 'FlowAlways' && !isEmpty(one.after)))
    .map((one) => changeOf(one, roles));
}

interface Compared {
  readonly mapping: CompiledMapping;
  readonly before: Json;
  readonly after: Json;
  /** What is remembered of `after`. */
  readonly kept: Json;
}

/** An empty text or list is not written where nothing stands: strict servers refuse it, and nothing would change. */
const differs = ({ mapping, before, kept }: Compared): boolean => {
  if (before === null) return !isEmpty(kept);
  return kept === null ? !isEmpty(before) : !sameValue(before, kept, mapping);
};

const isEmpty = (value: Json): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** Flow types that only add leave standing what is there. */
function flowingValue(mapping: CompiledMapping, desired: Json, before: Json, seal: Seal): Json {
  if (isEmpty(before)) return desired;
  if (onlyFills(mapping)) return before;
  if (!onlyAdds(mapping) || !isList(before)) return desired;
  return [...before, ...newValues(before, desired, (one) => seal(mapping, one))];
}

/** Writes where nothing stands, and nowhere else: a mapping of type *None*, and flows that only fill. */
export const onlyFills = ({ expression, flowType }: CompiledMapping): boolean =>
  expression === null || flowType === 'ValueAddOnly' || flowType === 'AttributeAddOnly';

const onlyAdds = ({ flowType, roles }: CompiledMapping): boolean =>
  flowType === 'MultiValueAddOnly' || roles === 'added';

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function newValues(before: readonly Json[], desired: Json, asKept: (value: Json) => Json): readonly Json[] {
  const exact = { targetType: 'String', caseExact: true } as const;
  const isNew = (value: Json): boolean => !before.some((old) => sameValue([old], [asKept(value)], exact));
  return isList(desired) ? desired.filter(isNew) : [];
}

function changeOf({ mapping, before, after, kept }: Compared, roles: readonly RoleOfValue[]): AttributeChange {
  const added = onlyAdds(mapping) && isList(before) && isList(after) ? after.slice(before.length) : null;
  return {
    path: mapping.targetPath,
    op: after === null ? 'remove' : before === null || added !== null ? 'add' : 'replace',
    before,
    after,
    ...(added === null ? {} : { added }),
    ...(mapping.roles === null ? {} : { roles }),
    ...(mapping.redacted ? { redacted: { kept } } : {}),
  };
}
