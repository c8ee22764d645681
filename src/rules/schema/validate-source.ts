// Whether the source of a mapping can be read, and whether a reference is mapped as one.
import type { Expression } from '../expressions/ast.ts';
import { attributesIn, attributesOf } from '../expressions/references.ts';
import type { AttributeDefinition } from '../model/schema.ts';
import { isReported } from './finding.ts';
import type { MappingContext } from './mapping-context.ts';
import { reportAt } from './mapping-context.ts';
import { valueAt } from './placed.ts';

export function validateSource(context: MappingContext, place: string, expression: Expression): void {
  for (const name of attributesOf(expression)) validateName(context, place, name);
  if (expression.kind === 'attribute' && expression.name === 'appRoleAssignments') {
    reportAt(context, place, 'appRoleAssignments cannot be mapped directly.', {
      remedy:
        'Use SingleAppRoleAssignment([appRoleAssignments]) or AssertiveAppRoleAssignmentsComplex([appRoleAssignments]).',
      token: '[appRoleAssignments]',
    });
  }
}

/** The attributes of a text that is no expression: so that all that is wrong with it is said at once. */
export function validateText(context: MappingContext, place: string): void {
  const text = valueAt(context.document, `${context.path}.${place}.expression`);
  if (typeof text === 'string') for (const name of attributesIn(text)) validateName(context, place, name);
}

function validateName(context: MappingContext, place: string, name: string): void {
  if (context.source(name) !== undefined) return;
  const { message, remedy } = context.unknownSource(name);
  reportAt(context, place, message, { remedy, token: `[${name}]` });
}

/** A reference is written once both ends exist; a function has no value for that. */
export function validateReference(
  context: MappingContext,
  place: string,
  e: Expression,
  target: AttributeDefinition | undefined,
): void {
  const reads = attributesOf(e).filter((name) => context.source(name)?.type === 'Reference');
  const [first] = reads;
  if (first !== undefined && e.kind !== 'attribute') {
    reportAt(context, `${place}.source`, `${first} is a reference, and references can only be mapped directly.`, {
      remedy: `Use [${first}] alone.`,
      token: `[${first}]`,
    });
  } else if (first !== undefined && target !== undefined && target.type !== 'Reference') {
    const message = `${first} is a reference, but ${target.name} is of type ${target.type}.`;
    reportAt(context, `${place}.targetAttributeName`, message, { remedy: 'Map it to an attribute of type Reference.' });
  } else if (
    first === undefined &&
    target?.type === 'Reference' &&
    !isReported(context.findings, `${context.path}.${place}`)
  ) {
    reportAt(context, `${place}.source`, `${target.name} is a reference.`, {
      remedy: 'Map a reference such as manager or members to it directly.',
    });
  }
}
