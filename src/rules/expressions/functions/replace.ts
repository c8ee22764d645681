// Replace: five modes, told apart by which arguments are given (an empty text is given, an empty slot is not).
import type { Expression } from '../ast.ts';
import { textOf } from '../coerce.ts';
import type { Call } from '../function-definition.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { regexOf } from '../regex.ts';
import { firstGroup, replaceByPattern, replaceGroup } from '../regex-replace.ts';
import type { Value } from '../values.ts';
import { EvaluationFailure } from '../values.ts';

const [SOURCE, OLD, PATTERN, GROUP, REPLACEMENT, ATTRIBUTE, TEMPLATE] = [0, 1, 2, 3, 4, 5, 6] as const;

type Mode = 'text' | 'template' | 'group-attribute' | 'group' | 'pattern';
const modes = new Map<string, Mode>([
  [[OLD, REPLACEMENT].join(), 'text'],
  [[OLD, TEMPLATE].join(), 'template'],
  [[PATTERN, GROUP, ATTRIBUTE].join(), 'group-attribute'],
  [[PATTERN, GROUP, REPLACEMENT].join(), 'group'],
  [[PATTERN, REPLACEMENT].join(), 'pattern'],
]);
const modeOf = (given: (index: number) => boolean): Mode | undefined =>
  modes.get([OLD, PATTERN, GROUP, REPLACEMENT, ATTRIBUTE, TEMPLATE].filter(given).join());

export const replace: FunctionDefinition = {
  name: 'Replace',
  summary:
    'Replaces text in the source: a fixed text, a regular expression, one group of it, or a placeholder in a template.',
  parameters: [
    text('source'),
    text('oldValue', { key: 'Find', required: false }),
    text('regexPattern', { key: 'RegularExpression', required: false }),
    text('regexGroupName', { key: 'RegularExpressionGroupName', required: false }),
    text('replacementValue', { key: 'Replacement', required: false }),
    text('replacementAttributeName', { key: 'ReplacementPropertyName', required: false }),
    text('template', { key: 'Template', required: false }),
  ],
  allSlots: true,
  check: (args) => checkMode(args) ?? checkPattern(args),
  examples: [
    {
      expression: 'Replace([preferredLanguage], "-", , , "_", , )',
      attributes: { preferredLanguage: 'en-US' },
      result: ['en_US'],
    },
    {
      expression: 'Replace([mailNickname], "<u>", , , , , "<u>@contoso.com")',
      attributes: { mailNickname: 'jd' },
      result: ['jd@contoso.com'],
    },
    {
      expression: 'Replace([mobile], , "[()\\\\s-]+", , "", , )',
      attributes: { mobile: '+1 (999) 888-7777' },
      result: ['+19998887777'],
    },
  ],
  evaluate: (call) => {
    const mode = modeOf((index) => call.given(index));
    if (mode === undefined) throw new Error('The expression was not checked: Replace has no such mode.');
    const source = textOf(call.value(SOURCE));
    if (mode === 'group-attribute') return source === null || source === '' ? fromAttribute(call) : source;
    return source === null ? null : replaced(mode, source, call);
  },
};

function replaced(mode: Exclude<Mode, 'group-attribute'>, source: string, call: Call): Value {
  const at = (index: number): string => textOf(call.value(index)) ?? '';
  switch (mode) {
    case 'text':
      return source.replaceAll(oldValue(at(OLD)), () => at(REPLACEMENT));
    case 'template':
      return at(TEMPLATE).replaceAll(oldValue(at(OLD)), () => source);
    case 'pattern':
      return replaceByPattern(source, at(PATTERN), at(REPLACEMENT));
    case 'group':
      return replaceGroup(source, at(PATTERN), { group: at(GROUP), replacement: at(REPLACEMENT) });
  }
}

function oldValue(old: string): string {
  if (old === '') throw new EvaluationFailure('the text to replace is empty.');
  return old;
}

function fromAttribute(call: Call): Value {
  const value = textOf(call.value(ATTRIBUTE));
  return value === null ? null : firstGroup(value, textOf(call.value(PATTERN)) ?? '', textOf(call.value(GROUP)) ?? '');
}

function checkMode(args: readonly (Expression | null)[]): string | null {
  if (modeOf((index) => (args[index] ?? null) !== null) !== undefined) return null;
  return (
    'Replace needs one of: oldValue + replacementValue; oldValue + template; regexPattern + replacementValue; ' +
    'regexPattern + regexGroupName + replacementValue; regexPattern + regexGroupName + replacementAttributeName.'
  );
}

function checkPattern(args: readonly (Expression | null)[]): string | null {
  const pattern = args[PATTERN] ?? null;
  if (pattern?.kind !== 'constant') return null;
  const regex = regexOf(String(pattern.value));
  if (!regex.ok) return regex.message;
  const group = args[GROUP] ?? null;
  if (group?.kind !== 'constant' || regex.names.includes(String(group.value))) return null;
  return `The regular expression of Replace has no group named ${String(group.value)}: write (?<${String(group.value)}>…).`;
}
