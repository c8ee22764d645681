// What a plan is made from, and the parts that every plan shares.
import type { ObjectRule } from '../mapping/compile.ts';
import { mappedValue, rolesHeld } from '../mapping/mapped-value.ts';
import type { MappingInput, MappingServices } from '../mapping/mapped-value.ts';
import { queryText } from '../matching/match.ts';
import type { Action, MatchVerdict, ScopeVerdict, SkipReason } from '../model/decisions.ts';
import type { ObjectError } from '../model/errors.ts';
import type { HeldBefore } from '../model/held.ts';
import type { AppRole, Entitlement, ObjectType, SourceObject } from '../model/source-object.ts';
import type { Dialect, Link } from '../model/target.ts';
import { sealOf } from './seal.ts';
import type { Fingerprint, Seal } from './seal.ts';

/** What becomes of accounts whose object left scope. */
export type DeprovisionPolicy = Readonly<Record<ObjectType, 'Disable' | 'Delete' | 'Keep'>>;

export interface PlanInput {
  readonly rule: ObjectRule;
  readonly candidate: {
    readonly object: SourceObject;
    readonly entitlements: readonly Entitlement[];
    readonly link: Link | null;
    readonly unsure?: true;
    /** What an administrator said of its disable or delete. */
    readonly held?: HeldBefore | null;
  };
  readonly scope: ScopeVerdict;
  readonly match: MatchVerdict;
  /** All roles of the application. */
  readonly roles: readonly AppRole[];
  readonly skipOutOfScopeDeletions: boolean;
  readonly policy: DeprovisionPolicy;
  /** What the application can do. */
  readonly dialect: Pick<Dialect, 'creates' | 'renamesGroups' | 'softDelete'>;
  readonly services: MappingServices;
  readonly fingerprint: Fingerprint;
  /** What SelectUniqueValue chose for a new account. */
  readonly chosen?: MappingInput['chosen'] | undefined;
}

/** Whom an action is about. */
export interface Subject {
  readonly sourceId: string;
  readonly type: ObjectType;
  readonly displayName: string;
}

export function subjectOf(input: PlanInput): Subject {
  const { object, link } = input.candidate;
  const shown = object.attributes['displayName'];
  const names = [firstMatchingValue(input), typeof shown === 'string' ? shown : '', link?.displayName ?? '', object.id];
  return { sourceId: object.id, type: object.type, displayName: names.find((name) => name !== '') ?? object.id };
}

function firstMatchingValue(input: PlanInput): string {
  const [matching] = input.rule.matching;
  if (matching === undefined || matching.redacted) return '';
  const result = mappedValue(matching, mappingInput(input, 'create'));
  return result.kind === 'value' ? queryText(result.value) : '';
}

export const mappingInput = (input: PlanInput, operation: MappingInput['operation']): MappingInput => ({
  object: input.candidate.object,
  entitlements: input.candidate.entitlements,
  softDeleted: input.scope.in !== true,
  roles: input.roles,
  operation,
  ...(input.chosen === undefined ? {} : { chosen: input.chosen }),
  services: input.services,
});

export const sealFor = ({ candidate, fingerprint }: PlanInput): Seal => sealOf(candidate.object.id, fingerprint);

export const rolesOf = ({ candidate, roles }: PlanInput): readonly AppRole[] =>
  rolesHeld({ entitlements: candidate.entitlements, roles });

type Skip = Extract<Action, { kind: 'skip' }>;

export const skip = (
  subject: Subject,
  because: SkipReason,
  rest: Partial<Pick<Skip, 'targetId' | 'adopt' | 'forget'>> = {},
): Skip => ({ ...subject, kind: 'skip', because, targetId: null, adopt: null, forget: false, ...rest });

export const refuse = (subject: Subject, error: ObjectError): Action => ({
  ...subject,
  kind: 'refuse',
  because: 'object-error',
  error,
});
