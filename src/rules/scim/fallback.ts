// Which other form to try when a target does not understand the one that was sent. Every form means the same change, so
// trying one is safe; none is ever chosen that could remove more than was asked for (decision 0014).
import type { ObjectError } from '../model/errors.ts';
import type { Dialect, DialectKnobs, PatchOperation, ResourceType } from '../model/target.ts';
import { parsePath } from './path.ts';
import { removedMember } from './wire-form.ts';

/**
 * `form`: the target says that it does not understand; `unsaid`: a 400 without a reason; `value`: it refuses a value, whose
 * spelling may be what it minds; `none`: it took the form.
 */
export type Refusal = 'form' | 'unsaid' | 'value' | 'media' | 'precondition' | 'none';

const formTypes: ReadonlySet<string> = new Set(['invalidpath', 'invalidsyntax', 'notarget']);

export function refusalOf({ status, scimType }: ObjectError): Refusal {
  if (status === 405 || status === 501) return 'form';
  if (status === 415) return 'media';
  if (status === 428) return 'precondition';
  if (status !== 400) return 'none';
  if (scimType === undefined) return 'unsaid';
  if (formTypes.has(scimType.toLowerCase())) return 'form';
  return scimType.toLowerCase() === 'invalidvalue' ? 'value' : 'none';
}

interface Alternative {
  readonly knobs: DialectKnobs;
  /** Tried on these refusals. */
  readonly on: readonly Refusal[];
}
const understood: readonly Refusal[] = ['form', 'unsaid'];
const spelt: readonly Refusal[] = ['form', 'unsaid', 'value'];

/** In the order in which they are tried. */
export function alternatives(
  dialect: Dialect,
  type: ResourceType,
  operations: readonly PatchOperation[],
  refusal: Refusal,
): readonly DialectKnobs[] {
  if (refusal === 'none') return [];
  if (refusal === 'media') return dialect.contentType === JSON_TYPE ? [] : [{ contentType: JSON_TYPE }];
  if (refusal === 'precondition') return dialect.conditionalWrites ? [] : [{ conditionalWrites: true }];
  const parts = [...attributeForms(dialect, operations), ...memberForms(dialect, operations)];
  const forms = dialect.claims.patch ? [...parts, ...whole(dialect, type)] : [...whole(dialect, type), ...parts];
  return forms.filter(({ on }) => on.includes(refusal)).map(({ knobs }) => knobs);
}
const JSON_TYPE = 'application/json';

function attributeForms(dialect: Dialect, operations: readonly PatchOperation[]): readonly Alternative[] {
  const { elementForm, booleans, pathBooleans, managerForm, patchForm, opCase } = dialect;
  const paths = operations.map(({ path = '' }) => parsePath(path));
  const some = (fits: (operation: PatchOperation) => boolean): boolean => operations.some(fits);
  const offered: readonly (Alternative | false)[] = [
    some(({ selects }) => selects !== undefined) && {
      knobs: { elementForm: elementForm === 'whole' ? 'path' : 'whole' },
      on: understood,
    },
    some(({ value }) => typeof value === 'boolean') && {
      knobs: { booleans: booleans === 'json' ? 'text' : 'json' },
      on: spelt,
    },
    paths.some((path) => typeof path?.filter?.value === 'boolean') && {
      knobs: { pathBooleans: pathBooleans === 'json' ? 'text' : 'json' },
      on: understood,
    },
    ...(operations.some(isManager) ? managerForms(managerForm) : []),
    some(({ op, path, selects }) => op !== 'remove' && path !== 'members' && selects === undefined) && {
      knobs: { patchForm: patchForm === 'path' ? 'pathless' : 'path' },
      on: understood,
    },
    { knobs: { opCase: opCase === 'lower' ? 'capital' : 'lower' }, on: understood },
  ];
  return offered.filter((one) => one !== false);
}

const isManager = ({ op, path = '' }: PatchOperation): boolean =>
  op !== 'remove' && parsePath(path)?.attribute.toLowerCase() === 'manager';

const managerForms = (present: Dialect['managerForm']): readonly Alternative[] =>
  (['object', 'text', 'list'] as const)
    .filter((form) => form !== present)
    .map((managerForm) => ({ knobs: { managerForm }, on: spelt }));

/**
 * Removal by value is never among them: servers are known that take it for the removal of all members. Neither is the whole
 * list: nothing in an answer tells that it shows all of them. Both are found out on a canary group, by `probe`.
 */
function memberForms(dialect: Dialect, operations: readonly PatchOperation[]): readonly Alternative[] {
  const removes = operations.some((operation) => removedMember(operation) !== null);
  const adds = operations.some(({ op, path }) => op === 'add' && path === 'members');
  return [
    ...(removes && dialect.memberRemoval === 'value'
      ? [{ knobs: { memberRemoval: 'filter' } as const, on: understood }]
      : []),
    ...(adds && dialect.reference !== 'value-only' ? [{ knobs: { reference: 'value-only' } as const, on: spelt }] : []),
  ];
}

/** A user is safe to be written whole: what we do not manage goes back as it was read. A group might lose members. */
const whole = ({ update, claims }: Dialect, type: ResourceType): readonly Alternative[] =>
  type === 'User' && update.User === 'patch'
    ? [{ knobs: { update: { ...update, User: 'put' } }, on: claims.patch ? ['form'] : understood }]
    : [];

/** Names of the forms that a change uses: each is looked at once per job, whether it had its effect. */
export function formsOf(
  dialect: Dialect,
  type: ResourceType,
  operations: readonly PatchOperation[],
): readonly string[] {
  if (dialect.update[type] === 'put') return [`${type} put`];
  const forms = operations.map((operation) => {
    const { op, path = '', value, selects } = operation;
    if (removedMember(operation) !== null)
      return `members removed: ${dialect.memberWrite} ${dialect.memberRemoval} ${dialect.opCase}`;
    if (path === 'members') return `members added: ${dialect.memberWrite} ${dialect.reference} ${dialect.opCase}`;
    if (op === 'remove') return `${type} removal: ${dialect.opCase}`;
    if (selects !== undefined) return `element: ${dialect.elementForm} ${dialect.opCase}`;
    if (isManager(operation)) return `manager: ${dialect.managerForm} ${dialect.opCase}`;
    if (typeof value === 'boolean') return `boolean: ${dialect.booleans} ${dialect.patchForm} ${dialect.opCase}`;
    const kind = parsePath(path)?.filter === null ? 'simple' : 'filtered';
    return `${type} ${kind}: ${dialect.patchForm} ${dialect.opCase}`;
  });
  return [...new Set(forms)];
}
