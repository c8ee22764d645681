// The steps of a probe: each is one change of a canary, the forms in which it may be sent, and what must be seen afterwards.
import type { Json, JsonObject } from '../../rules/model/json.ts';
import type { DialectKnobs, PatchOperation, ResourceType } from '../../rules/model/target.ts';
import { withoutEffect } from '../../rules/scim/effect.ts';
import { memberOperations } from '../../rules/scim/patch.ts';
import { readPath } from '../../rules/scim/read-path.ts';

export interface Canaries {
  readonly user: string;
  readonly other: string;
  readonly group: string;
  readonly name: string;
}
export interface ProbeStep {
  readonly name: string;
  readonly type: ResourceType;
  readonly id: string;
  /** Brings the canary into the state that the step starts from. */
  readonly before?: readonly (readonly PatchOperation[])[];
  operations(attempt: number): readonly PatchOperation[];
  /** What is wrong with the canary afterwards; `null` when all is as it should be. */
  problem(attributes: JsonObject, attempt: number): string | null;
  /** Tried in this order when the present form does not work. */
  readonly forms: readonly DialectKnobs[];
  /** Noted when no form works. */
  readonly without?: DialectKnobs;
}

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const put: DialectKnobs = { update: { User: 'put', Group: 'patch' } };

type Plain = Pick<ProbeStep, 'name' | 'type' | 'id' | 'operations' | 'forms' | 'without' | 'before'>;
const step = (plain: Plain, keeps: Readonly<Record<string, Json>> = {}): ProbeStep => ({
  ...plain,
  problem(attributes, attempt) {
    const idle = withoutEffect(attributes, plain.operations(attempt));
    if (idle.length > 0) return `it was taken, but ${idle[0]?.path ?? 'nothing'} did not change`;
    const lost = Object.entries(keeps).find(([path, value]) => readPath(attributes, path) !== value);
    return lost === undefined ? null : `it was taken, but ${lost[0]} was lost with it`;
  },
});

export function userSteps({ user: id, other }: Canaries): readonly ProbeStep[] {
  const of = (rest: Omit<Plain, 'type' | 'id'>, keeps?: Readonly<Record<string, Json>>): ProbeStep =>
    step({ type: 'User', id, ...rest }, keeps);
  const set =
    (path: string, value: (attempt: number) => Json) =>
    (attempt: number): readonly PatchOperation[] => [{ op: 'replace', path, value: value(attempt) }];
  const phone = { attribute: 'type', value: 'work' };
  return [
    of({
      name: 'change an attribute',
      operations: set('displayName', (attempt) => `Canary ${String(attempt)}`),
      forms: [
        { patchForm: 'path' },
        { patchForm: 'pathless' },
        { opCase: 'capital' },
        { opCase: 'lower' },
        { conditionalWrites: true },
        put,
      ],
    }),
    of(
      {
        name: 'change a part of the name, the other stays',
        operations: set('name.givenName', (attempt) => `Given ${String(attempt)}`),
        forms: [{ patchForm: 'path' }, { patchForm: 'pathless' }, put],
      },
      { 'name.familyName': 'Provisor' },
    ),
    of({
      name: 'add a typed element',
      operations: (attempt) => [
        {
          op: 'add',
          path: 'phoneNumbers',
          value: [{ type: 'work', value: `+4610${String(attempt)}` }],
          selects: phone,
        },
      ],
      forms: [{ elementForm: 'whole' }, { elementForm: 'path' }, put],
    }),
    of({
      name: 'disable',
      operations: set('active', () => false),
      forms: booleanForms,
      without: { softDelete: false },
    }),
    of({ name: 'enable', operations: set('active', () => true), forms: booleanForms }),
    of({
      name: 'set the manager',
      operations: () => [{ op: 'add', path: `${ENTERPRISE}:manager`, value: { value: other } }],
      forms: [{ managerForm: 'object' }, { managerForm: 'text' }, { managerForm: 'list' }],
    }),
  ];
}

const booleanForms: readonly DialectKnobs[] = [{ booleans: 'json' }, { booleans: 'text' }, put];

export function groupSteps({ user, other, group: id, name }: Canaries): readonly ProbeStep[] {
  const both = memberOperations({ add: [user, other], remove: [] }, 2);
  const of = (rest: Omit<Plain, 'type' | 'id'>): ProbeStep => step({ type: 'Group', id, ...rest });
  return [
    of({
      name: 'rename a group',
      operations: (attempt) => [{ op: 'replace', path: 'displayName', value: `${name}-renamed-${String(attempt)}` }],
      forms: [{ patchForm: 'path' }, { patchForm: 'pathless' }],
      without: { renamesGroups: false },
    }),
    {
      ...of({
        name: 'add members',
        operations: () => both.flat(),
        forms: [{ reference: 'value-only' }, { reference: 'ref' }],
      }),
      problem: (attributes) => shows(attributes, [user, other], []),
    },
    {
      ...of({
        name: 'remove one member, the other stays',
        before: both,
        operations: () => memberOperations({ add: [], remove: [user] }, 1).flat(),
        forms: [{ memberRemoval: 'filter' }, { memberRemoval: 'value' }, { memberWrite: 'replace' }],
      }),
      problem: (attributes) => shows(attributes, [other], [user]),
    },
  ];
}

/** A group that shows no members is no evidence of anything. */
function shows(attributes: JsonObject, present: readonly string[], absent: readonly string[]): string | null {
  const members = readPath(attributes, 'members');
  if (!Array.isArray(members)) return 'the application does not show the members of the group';
  const ids = new Set((members as readonly Json[]).map((member) => readPath({ member }, 'member.value')));
  const lost = present.find((id) => !ids.has(id));
  if (lost !== undefined) return `member ${lost} is missing`;
  return absent.some((id) => ids.has(id)) ? 'the member is still there' : null;
}
