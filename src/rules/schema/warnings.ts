// What can be saved and may still not be meant: shown when a schema is checked, never in the way.
import type { CallExpression, Expression } from '../expressions/ast.ts';
import { attributesOf, redacts } from '../expressions/references.ts';
import { printExpression } from '../expressions/print.ts';
import { OBJECT_FILTER } from '../mapping/compile-mapping.ts';
import type { AttributeMapping } from '../model/schema.ts';
import { parsePath, pathKey, printPath } from '../scim/path.ts';
import { isReported } from './finding.ts';
import type { FindingRest } from './finding.ts';
import type { MappingContext } from './mapping-context.ts';
import { expressionOf, reportAt } from './mapping-context.ts';
import { givesSeveral } from './result-type.ts';

const warn = (context: MappingContext, place: string, message: string, rest: FindingRest): void => {
  if (!isReported(context.findings, `${context.path}.${place}`))
    reportAt(context, place, message, { ...rest, severity: 'warning' });
};

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
  if (mapping.enabled) warnAboutRequired(context);
}

function warnAboutUsers(context: MappingContext): void {
  const { enabled, attributeMappings } = context.mapping;
  if (!enabled) {
    warn(context, 'enabled', 'The mapping of users is off, which Entra does not allow: users are left alone.', {
      remedy: 'Set enabled to true, or pause the job.',
    });
  } else if (!attributeMappings.some((one) => readBy(one).includes('IsSoftDeleted'))) {
    warn(
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

function callsIn(e: Expression): readonly CallExpression[] {
  if (e.kind === 'comparison') return [...callsIn(e.left), ...callsIn(e.right)];
  return e.kind === 'call' ? [e, ...e.args.flatMap((arg) => (arg === null ? [] : callsIn(arg)))] : [];
}

const nullTests = ['IsPresent', 'IsNull', 'IsNullOrEmpty', 'IsNothing'];
const testsNull = (e: Expression | null | undefined): boolean => {
  if (e?.kind === 'comparison') return [e.left, e.right].some((side) => testsNull(side) || isEmptyText(side));
  return e?.kind === 'call' && nullTests.includes(e.name);
};
const isEmptyText = (e: Expression): boolean => e.kind === 'constant' && e.value === '';

function warnAboutCall(context: MappingContext, place: string, { name, args }: CallExpression): void {
  if ((name === 'IIF' || name === 'Switch') && testsNull(args[0])) {
    warn(context, place, `${name} over a test for null is evaluated here as it reads, but Entra does not support it.`, {
      token: name,
      remedy: 'To move it to Entra, use Switch([attribute], default, "", value).',
    });
  }
  if (name === 'FormatDateTime') {
    for (const arg of args.slice(-2)) {
      if (arg?.kind !== 'constant' || !/YY|DD/.test(String(arg.value).replaceAll(/'[^']*'|"[^"]*"/g, ''))) continue;
      warn(context, place, `In the date format "${String(arg.value)}" capital Y and D are plain letters.`, {
        token: JSON.stringify(arg.value),
        remedy: 'Write yyyy for the year and dd for the day.',
      });
    }
  }
}

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
    warn(
      context,
      source,
      `${role} does not work with "Sync all users and groups": whoever is not assigned has no role.`,
      {
        token: role,
        remedy: 'Synchronize assigned users and groups only (SyncAll = false).',
      },
    );
  }
  if (names.includes('RandomString') && !redacts(expression)) {
    warn(context, source, `The value that RandomString gives ${name} is shown in the provisioning log.`, {
      token: 'RandomString',
      remedy: `Write Redact(RandomString(…)) if it is a secret such as a password.`,
    });
  }
  const varies = changing.find((one) => names.includes(one));
  if (varies !== undefined && flowType === 'Always' && name !== OBJECT_FILTER && matchingPriority === 0) {
    warn(
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
    warn(context, source, 'mailNickname can change and need not be unique.', {
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
    warn(context, at, `${name} is ${matchingPriority > 0 ? 'used for matching' : 'required'} and is never cleared.`, {
      remedy: 'Leave flowNullValues out.',
    });
  } else if (reads.length === 0 || !reads.every((read) => context.flowsNull(read))) {
    warn(context, at, `Null does not flow to ${name}: the attributes that its source reads do not flow it.`, {
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
  warn(context, `${place}.source`, `${name} holds one value, and objects with more than one would fail.`, {
    token: expression.kind === 'call' ? expression.name : printExpression(expression),
    remedy: 'Take one with Item, combine them with Join, or define the target attribute as multi-valued.',
  });
}

function warnAboutRequired(context: MappingContext): void {
  const mapped = new Set(context.mapping.attributeMappings.map((one) => pathKey(one.targetAttributeName)));
  for (const [key, { name, required, anchor, mutability }] of context.target ?? []) {
    if (!required || anchor || mutability === 'ReadOnly' || mapped.has(key)) continue;
    warn(
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
  warn(context, `${place}.targetAttributeName`, `${name} is a part of ${whole}, which is mapped as a whole.`, {
    remedy: 'Keep one of the two: each would undo the other.',
  });
}
