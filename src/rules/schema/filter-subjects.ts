// What a clause of a scoping filter can be about. Entra knows single values only; the others are ours, each a row of one table.
import type { ObjectType } from '../model/source-object.ts';
import type { FilterOperatorName } from './filter-operators.ts';
import type { AttributeFacts } from './source-facts.ts';

export type SubjectKind = 'value' | 'values' | 'date' | 'manager' | 'roles' | 'groups';

export interface FilterSubject {
  readonly kind: SubjectKind;
  /** `null`: whatever its type allows. */
  readonly operators: readonly FilterOperatorName[] | null;
  /** What the operand of EQUALS and NOT EQUALS must be. */
  readonly operand: 'value' | 'date' | 'id';
  /** To have none is a known fact, not a missing value: the negative operators hold. */
  readonly noneIsKnown: boolean;
  /** What Entra says about it; `null` where it is Entra's own. */
  readonly beyondEntra: string | null;
}

export const filterSubjects: Readonly<Record<SubjectKind, FilterSubject>> = {
  value: { kind: 'value', operators: null, operand: 'value', noneIsKnown: false, beyondEntra: null },
  values: {
    kind: 'values',
    operators: null,
    operand: 'value',
    noneIsKnown: false,
    beyondEntra: 'Entra does not filter by attributes with several values',
  },
  date: {
    kind: 'date',
    operators: ['EQUALS', 'NOT EQUALS', 'BEFORE', 'AFTER', 'IS NULL', 'IS NOT NULL'],
    operand: 'date',
    noneIsKnown: false,
    beyondEntra: 'Entra does not filter by dates',
  },
  manager: {
    kind: 'manager',
    operators: ['EQUALS', 'NOT EQUALS', 'IS NULL', 'IS NOT NULL'],
    operand: 'id',
    noneIsKnown: false,
    beyondEntra: 'Entra does not filter by the manager',
  },
  roles: {
    kind: 'roles',
    operators: [
      'EQUALS',
      'NOT EQUALS',
      'IS NULL',
      'IS NOT NULL',
      'INCLUDES',
      'ENDS_WITH',
      'REGEX MATCH',
      'NOT REGEX MATCH',
    ],
    operand: 'value',
    noneIsKnown: true,
    beyondEntra: 'Entra does not filter by app roles',
  },
  groups: {
    kind: 'groups',
    operators: ['EQUALS', 'NOT EQUALS'],
    operand: 'id',
    noneIsKnown: true,
    beyondEntra: 'Entra does not filter by group membership',
  },
};

/** Attributes that only filters know: the groups that a user is in, by their ids. */
export const DIRECT_GROUPS = 'memberOf';
export const ALL_GROUPS = 'transitiveMemberOf';

const named: Readonly<Record<ObjectType, ReadonlyMap<string, SubjectKind>>> = {
  User: new Map([
    [DIRECT_GROUPS, 'groups'],
    [ALL_GROUPS, 'groups'],
    ['appRoleAssignments', 'roles'],
    ['manager', 'manager'],
  ]),
  Group: new Map(),
};

/** Names that filters know beside the source attributes. */
export const filterOnlyNames = (type: ObjectType): readonly string[] =>
  type === 'User' ? [DIRECT_GROUPS, ALL_GROUPS] : [];

/**
 * `facts` of the source attribute of that name, if there is one. Undefined for a name that is nothing, `null` for an attribute
 * that no filter can test.
 */
export function filterSubject(
  type: ObjectType,
  name: string,
  facts: AttributeFacts | undefined,
): FilterSubject | null | undefined {
  const kind = named[type].get(name);
  if (kind !== undefined) return filterSubjects[kind];
  if (facts === undefined) return undefined;
  if (facts.type === 'Reference') return null;
  if (facts.type === 'DateTime') return filterSubjects.date;
  return facts.multivalued ? filterSubjects.values : filterSubjects.value;
}
