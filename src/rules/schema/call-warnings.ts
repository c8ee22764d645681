// Calls and patterns that can be saved and may still not mean what they seem to.
import type { CallExpression, Expression } from '../expressions/ast.ts';
import { filterOperator } from './filter-operators.ts';
import type { MappingContext } from './mapping-context.ts';
import { warnAt } from './mapping-context.ts';

/** All calls in an expression, outer ones first. */
export function callsIn(e: Expression): readonly CallExpression[] {
  if (e.kind === 'comparison') return [...callsIn(e.left), ...callsIn(e.right)];
  return e.kind === 'call' ? [e, ...e.args.flatMap((arg) => (arg === null ? [] : callsIn(arg)))] : [];
}

const nullTests = ['IsPresent', 'IsNull', 'IsNullOrEmpty', 'IsNothing'];
const testsNull = (e: Expression | null | undefined): boolean => {
  if (e?.kind === 'comparison') return [e.left, e.right].some((side) => testsNull(side) || isEmptyText(side));
  return e?.kind === 'call' && nullTests.includes(e.name);
};
const isEmptyText = (e: Expression): boolean => e.kind === 'constant' && e.value === '';

export function warnAboutCall(context: MappingContext, place: string, { name, args }: CallExpression): void {
  if ((name === 'IIF' || name === 'Switch') && testsNull(args[0])) {
    warnAt(
      context,
      place,
      `${name} over a test for null is evaluated here as it reads, but Entra does not support it.`,
      {
        token: name,
        remedy: 'To move it to Entra, use Switch([attribute], default, "", value).',
      },
    );
  }
  if (name === 'FormatDateTime') for (const arg of args.slice(-2)) warnAboutFormat(context, place, arg);
  const pattern = name === 'Replace' ? args[2] : null;
  if (pattern?.kind === 'constant') warnAboutPattern(context, place, String(pattern.value));
}

function warnAboutFormat(context: MappingContext, place: string, arg: Expression | null): void {
  if (arg?.kind !== 'constant' || !/YY|DD/.test(String(arg.value).replaceAll(/'[^']*'|"[^"]*"/g, ''))) return;
  warnAt(context, place, `In the date format "${String(arg.value)}" capital Y and D are plain letters.`, {
    token: JSON.stringify(arg.value),
    remedy: 'Write yyyy for the year and dd for the day.',
  });
}

export function warnAboutFilters(context: MappingContext): void {
  const { scope } = context.mapping;
  for (const list of ['groups', 'inputFilterGroups', 'categoryFilterGroups'] as const)
    for (const [g, { clauses }] of (scope?.[list] ?? []).entries())
      for (const [c, { operatorName, targetOperand }] of clauses.entries())
        if (filterOperator(operatorName)?.value === 'pattern')
          for (const value of targetOperand.values)
            warnAboutPattern(context, `scope.${list}[${String(g)}].clauses[${String(c)}].targetOperand`, value);
}

function warnAboutPattern(context: MappingContext, place: string, pattern: string): void {
  const [boundary] = /\\[bB]/.exec(pattern.replaceAll(/\\[^bB]|\[[^\]]*\]/g, '')) ?? [];
  if (boundary === undefined) return;
  warnAt(
    context,
    place,
    `In the regular expression ${pattern} ${boundary} takes only ASCII letters for parts of words: é ends one.`,
    {
      remedy: 'Name the characters around the word, as in (^|[ .-])word($|[ .-]), if texts may hold others.',
    },
  );
}
