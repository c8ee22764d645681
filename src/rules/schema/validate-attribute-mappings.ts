// Whether the attribute mappings of one object mapping can be carried out: both sides exist and fit each other.
import type { AttributeMapping } from '../model/schema.ts';
import { pathKey } from '../scim/path.ts';
import { isReported } from './finding.ts';
import type { MappingContext } from './mapping-context.ts';
import { expressionOf, reportAt } from './mapping-context.ts';
import { validateArguments } from './validate-arguments.ts';
import { validateFlow } from './validate-flow.ts';
import { validateReference, validateSource, validateText } from './validate-source.ts';
import { validateResult, validateTarget } from './validate-target.ts';

export function validateAttributeMappings(context: MappingContext): void {
  for (const [i, mapping] of context.mapping.attributeMappings.entries()) {
    const place = `attributeMappings[${String(i)}]`;
    const target = validateTarget(context, place, mapping);
    const expression = expressionOf(mapping);
    validateFlow(context, place, mapping, expression);
    if (expression === null) {
      validateText(context, `${place}.source`);
      continue;
    }
    validateSource(context, `${place}.source`, expression);
    validateReference(context, place, expression, target);
    if (!isReported(context.findings, `${context.path}.${place}.source`))
      validateArguments(context, `${place}.source`, expression);
    if (!isReported(context.findings, `${context.path}.${place}`)) validateResult(context, place, expression, target);
  }
  validateTargetsOnce(context);
}

/** One target has one mapping, whichever way its path is spelled. */
function validateTargetsOnce(context: MappingContext): void {
  const seen = new Map<string, AttributeMapping>();
  for (const [i, mapping] of context.mapping.attributeMappings.entries()) {
    const { targetAttributeName: name } = mapping;
    const other = name === '' ? undefined : seen.get(pathKey(name));
    if (other !== undefined) {
      const alias = other.targetAttributeName === name ? '' : `, as ${other.targetAttributeName} and as ${name}`;
      reportAt(context, `attributeMappings[${String(i)}].targetAttributeName`, `${name} is mapped twice${alias}.`, {
        remedy: 'Remove one of the mappings.',
      });
    }
    seen.set(pathKey(name), mapping);
  }
}
