// Whether source, flow type and role of a mapping go together: unique values, object filters, mappings without a source.
import type { Expression } from '../expressions/ast.ts';
import { isSelectUniqueValue } from '../expressions/references.ts';
import type { AttributeMapping } from '../model/schema.ts';
import { OBJECT_FILTER } from '../mapping/compile-mapping.ts';
import type { MappingContext } from './mapping-context.ts';
import { reportAt } from './mapping-context.ts';

export function validateFlow(
  context: MappingContext,
  place: string,
  mapping: AttributeMapping,
  expression: Expression | null,
): void {
  const isFilter = mapping.targetAttributeName === OBJECT_FILTER;
  if (isFilter && (mapping.source === null || mapping.matchingPriority > 0)) {
    reportAt(context, place, `${OBJECT_FILTER} decides whether an object is left alone; nothing is written to it.`, {
      remedy:
        'Give it an expression such as IIF([department]="IT", IgnoreObjectFlow, "False"), and no matching precedence.',
    });
  }
  if (expression !== null && isSelectUniqueValue(expression)) validateUnique(context, place, mapping);
}

function validateUnique(context: MappingContext, place: string, mapping: AttributeMapping): void {
  const { targetAttributeName: name, flowType, matchingPriority } = mapping;
  if (flowType !== 'ObjectAddOnly') {
    reportAt(
      context,
      `${place}.flowType`,
      `SelectUniqueValue gives ${name} a value once, when the account is created, but the mapping is applied ${flowType}.`,
      { remedy: 'Set flowType to ObjectAddOnly ("Only during object creation").' },
    );
  }
  if (matchingPriority > 0) {
    reportAt(
      context,
      `${place}.matchingPriority`,
      `SelectUniqueValue cannot be used for the matching attribute ${name}.`,
      {
        remedy: 'Match by another attribute.',
      },
    );
  }
}
