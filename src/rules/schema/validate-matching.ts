// Whether accounts can be matched: at least one matching attribute, an order without ties, one source attribute each.
import { attributesOf } from '../expressions/references.ts';
import type { AttributeMapping } from '../model/schema.ts';
import { isReported } from './finding.ts';
import type { MappingContext } from './mapping-context.ts';
import { expressionOf, reportAt } from './mapping-context.ts';

export function validateMatching(context: MappingContext): void {
  const byPrecedence = new Map<number, string>();
  for (const [i, mapping] of context.mapping.attributeMappings.entries()) {
    const { matchingPriority, targetAttributeName } = mapping;
    if (matchingPriority === 0) continue;
    const place = `attributeMappings[${String(i)}]`;
    const other = byPrecedence.get(matchingPriority);
    if (other !== undefined) {
      reportAt(
        context,
        `${place}.matchingPriority`,
        `${targetAttributeName} and ${other} have the same matching precedence ${String(matchingPriority)}.`,
        { remedy: 'Give each its own.' },
      );
    }
    byPrecedence.set(matchingPriority, targetAttributeName);
    validateJoining(context, place, mapping);
  }
  if (byPrecedence.size === 0 && context.mapping.enabled && !priorityIsWrong(context)) {
    reportAt(context, 'attributeMappings', 'No mapping is used for matching.', {
      remedy:
        'Set matchingPriority of one mapping to 1, usually that of userName for users and of displayName for groups.',
    });
  }
}

const priorityIsWrong = ({ findings, path }: MappingContext): boolean =>
  findings.some((f) => f.path.startsWith(`${path}.`) && f.path.endsWith('.matchingPriority'));

function validateJoining(context: MappingContext, place: string, mapping: AttributeMapping): void {
  const at = `${place}.source`;
  if (isReported(context.findings, `${context.path}.${at}`)) return;
  const expression = expressionOf(mapping);
  const reads = expression === null ? [] : attributesOf(expression);
  const { targetAttributeName: name } = mapping;
  const [, second] = reads;
  if (second !== undefined) {
    reportAt(context, at, `Joining property ${name} has more than one SourceName (${reads.join(', ')}).`, {
      remedy: 'An expression used for matching may read only one attribute.',
      token: `[${second}]`,
    });
  } else if (reads.length === 0) {
    const message = `${name} is used for matching but reads no source attribute, so all objects would match the same account.`;
    reportAt(context, at, message, { remedy: 'Read one attribute.' });
  } else if (reads.some((read) => context.source(read)?.type === 'Reference')) {
    reportAt(context, at, `${name} is used for matching, but a reference cannot be matched.`, {
      remedy: 'Choose another attribute.',
    });
  }
}
