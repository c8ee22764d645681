// What can be saved and may still not be meant: shown when a schema is checked, never in the way.
import type { Expression } from '../expressions/ast.ts';
import { attributesOf } from '../expressions/references.ts';
import { printExpression } from '../expressions/print.ts';
import { OBJECT_FILTER } from '../mapping/compile-mapping.ts';
import { isRedacted } from '../mapping/redact.ts';
import type { AttributeMapping } from '../model/schema.ts';
import { parsePath, pathKey, printPath } from '../scim/path.ts';
import { callsIn, warnAboutCall, warnAboutFilters } from './call-warnings.ts';
import type { MappingContext } from './mapping-context.ts';
import { expressionOf, warnAt } from './mapping-context.ts';
import { givesSeveral } from './result-type.ts';

export function warnings(context: MappingContext, syncAll: boolean): void {
  const { mapping } = context;
  if (mapping.sourceObjectName === 'User') warnAboutUsers(context);
  for (const [i, attribute] of mapping.attributeMappings.entries()) {
    const place = `attributeMappings[${String(i)}]`;
    const expression = expressionOf(attribute);
    if (expression !== null) {
      for (const call of callsIn(expression)) warnAboutCall(context, `${place}.source`, call);
      warnAboutSource(context, place, attribute, expression, syncAll);
    }
    warnAboutNulls(context, place, attribute, expression);
    warnAboutOverlap(context, place, attribute);
    if (expression !== null) warnAboutSeveral(context, place, attribute, expression);
  }
  warnAboutFilters(context);
  if (mapping.enabled) warnAboutRequired(context);
}

function warnAboutUsers(context: MappingContext): void {
  const { enabled, attributeMappings } = context.mapping;
  if (!enabled) {
    warnAt(context, 'enabled', 'The mapping of users is off, which Entra does not allow: users are left alone.', {
      remedy: 'Set enabled to true, or pause the job.',
    });
  } else if (!attributeMappings.some((one) => readBy(one).includes('IsSoftDeleted'))) {
    warnAt(
      context,
      'attributeMappings',
      'No mapping reads IsSoftDeleted, so accounts of users who leave scope stay enabled.',
      {
        remedy: 'Map active to Switch([IsSoftDeleted], , "False", "True", "True", "False").',
      },
    );
  }
}

const readBy = (mapping: AttributeMapping): readonly string[] => {
  const expression = expressionOf(mapping);
  return expression === null ? [] : attributesOf(expression);
};

const roleFunctions = ['SingleAppRoleAssignment', 'AppRoleAssignmentsComplex', 'AssertiveAppRoleAssignmentsComplex'];
const changing = ['RandomString', 'Guid', 'Now'];

function warnAboutSource(
  context: MappingContext,
  place: string,
  { targetAttributeName: name, flowType, matchingPriority }: AttributeMapping,
  expression: Expression,
  syncAll: boolean,
): void {
  const names = callsIn(expression).map((call) => call.name);
  const source = `${place}.source`;
  const role = roleFunctions.find((one) => names.includes(one));
  if (role !== undefined && syncAll) {
    warnAt(
      context,
      source,
      `${role} does not work with "Sync all users and groups": whoever is not assigned has no role.`,
      {
        token: role,
        remedy: 'Synchronize assigned users and groups only (SyncAll = false).',
      },
    );
  }
  if (names.includes('RandomString') && !isRedacted(name, expression)) {
    warnAt(context, source, `The value that RandomString gives ${name} is shown in the provisioning log.`, {
      token: 'RandomString',
      remedy: `Write Redact(RandomString(…)) if it is a secret such as a password.`,
    });
  }
  const varies = changing.find((one) => names.includes(one));
  if (varies !== undefined && flowType === 'Always' && name !== OBJECT_FILTER && matchingPriority === 0) {
    warnAt(
      context,
      source,
      `${varies} may give ${name} another value each time, so that accounts are written again and again.`,
      {
        token: varies,
        remedy: 'Set flowType to ObjectAddOnly if it is meant for new accounts.',
      },
    );
  }
  if (expression.kind === 'attribute' && expression.name === 'mailNickname' && pathKey(name) === 'externalid') {
    warnAt(context, source, 'mailNickname can change and need not be unique.', {
      token: '[mailNickname]',
      remedy: 'Map externalId to [objectId], unless the application has the other already.',
    });
  }
}

function warnAboutNulls(
  context: MappingContext,
  place: string,
  { flowNullValues, targetAttributeName: name, matchingPriority }: AttributeMapping,
  expression: Expression | null,
): void {
  if (flowNullValues !== true) return;
  const at = `${place}.flowNullValues`;
  const reads = expression === null ? [] : attributesOf(expression);
  if (matchingPriority > 0 || context.target?.get(pathKey(name))?.required === true) {
    warnAt(context, at, `${name} is ${matchingPriority > 0 ? 'used for matching' : 'required'} and is never cleared.`, {
      remedy: 'Leave flowNullValues out.',
    });
  } else if (reads.length === 0 || !reads.every((read) => context.flowsNull(read))) {
    warnAt(context, at, `Null does not flow to ${name}: the attributes that its source reads do not flow it.`, {
      remedy: 'Set flowNullValues of these attributes to true in the source directory of the schema.',
    });
  }
}

function warnAboutSeveral(
  context: MappingContext,
  place: string,
  { targetAttributeName: name }: AttributeMapping,
  expression: Expression,
): void {
  const target = context.target?.get(pathKey(name));
  if (target === undefined || target.multivalued || !givesSeveral(context, expression)) return;
  warnAt(context, `${place}.source`, `${name} holds one value, and objects with more than one would fail.`, {
    token: expression.kind === 'call' ? expression.name : printExpression(expression),
    remedy: 'Take one with Item, combine them with Join, or define the target attribute as multi-valued.',
  });
}

function warnAboutRequired(context: MappingContext): void {
  const mapped = new Set(context.mapping.attributeMappings.map((one) => pathKey(one.targetAttributeName)));
  for (const [key, { name, required, anchor, mutability }] of context.target ?? []) {
    if (!required || anchor || mutability === 'ReadOnly' || mapped.has(key)) continue;
    warnAt(
      context,
      'attributeMappings',
      `The application requires ${name}, which is not mapped: no account can be created.`,
      {
        remedy: `Map ${name}, or define it as not required in the target directory of the schema.`,
      },
    );
  }
}

/** `roles` and `roles[primary eq "True"].value` write the same values. */
function warnAboutOverlap(
  context: MappingContext,
  place: string,
  { targetAttributeName: name }: AttributeMapping,
): void {
  const path = parsePath(name);
  if (path === null || (path.filter === null && path.subAttribute === null)) return;
  const whole = printPath({ ...path, filter: null, subAttribute: null });
  if (!context.mapping.attributeMappings.some((one) => pathKey(one.targetAttributeName) === whole.toLowerCase()))
    return;
  warnAt(context, `${place}.targetAttributeName`, `${name} is a part of ${whole}, which is mapped as a whole.`, {
    remedy: 'Keep one of the two: each would undo the other.',
  });
}
