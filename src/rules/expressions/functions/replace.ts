// Replace: five modes, told apart by which arguments are given (an empty text is given, an empty slot is not).
import type { Expression } from '../ast.ts';
import type { Call } from '../call.ts';
import { textOf } from '../coerce.ts';
import type { ArgumentProblem, FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import type { Match, UsableRegex } from '../regex.ts';
import { compileSteps, regexOf } from '../regex.ts';
import type { Replacement } from '../regex/replace.ts';
import { firstGroup, replaceByPattern, replaceGroup, replacementOf } from '../regex/replace.ts';
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

/** Throws EvaluationFailure for a pattern that cannot be used. */
function patternOf(value: Value): UsableRegex {
  const regex = regexOf(textOf(value) ?? '');
  if (!regex.ok) throw new EvaluationFailure(regex.message);
  return regex;
}
function oldValueOf(value: Value): string {
  const old = textOf(value) ?? '';
  if (old === '') throw new EvaluationFailure('the text to replace is empty: give at least one character.');
  return old;
}

export const replace: FunctionDefinition = {
  name: 'Replace',
  summary:
    'Replaces text in the source: a fixed text, a regular expression, one group of it, or a placeholder in a template.',
  notes: [
    'oldValue + replacementValue: every oldValue in the source gives way to replacementValue. Both are plain text.',
    'oldValue + template: every oldValue in the template gives way to the source.',
    'regexPattern + replacementValue: every match gives way to replacementValue, in which ${name}, $1, $0, $& and $$ are filled in.',
    'regexPattern + regexGroupName + replacementValue: in every match only the text of the group gives way, to the plain replacementValue.',
    'regexPattern + regexGroupName + replacementAttributeName: the source, or when it is null or empty, the text of the group in the other attribute; null when the pattern does not match.',
    'Other combinations are refused. An empty text "" is given, an empty slot is not.',
    'Case matters; (?i) in a pattern changes that. Patterns are those of .NET that run in linear time: no look-around, no back-references, no atomic groups.',
    'Null stays null, but for the last mode; of several values, each is replaced in.',
  ],
  parameters: [
    text('source'),
    text('oldValue', { key: 'Find', required: false, reads: oldValueOf }),
    text('regexPattern', { key: 'RegularExpression', required: false, reads: patternOf }),
    text('regexGroupName', { key: 'RegularExpressionGroupName', required: false }),
    text('replacementValue', { key: 'Replacement', required: false }),
    text('replacementAttributeName', { key: 'ReplacementPropertyName', required: false }),
    text('template', { key: 'Template', required: false }),
  ],
  result: 'String',
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
    {
      expression: 'Replace([address], , "(?<number>^\\\\d*)", "number", "888", , )',
      attributes: { address: '545 Tremont Street' },
      result: ['888 Tremont Street'],
    },
    {
      expression: 'Replace([phone], , "\\\\+(?<code>\\\\d*) (?<number>\\\\d+)", "number", , [mobile], )',
      attributes: { phone: '', mobile: '+91 8887779999' },
      result: ['8887779999'],
    },
  ],
  evaluate: (call) => {
    const mode = modeOf((index) => call.given(index));
    switch (mode) {
      case 'text':
        return replaceText(call);
      case 'template':
        return fillTemplate(call);
      case 'pattern':
        return replacePattern(call);
      case 'group':
        return replaceOneGroup(call);
      case 'group-attribute':
        return sourceOrGroup(call);
      case undefined:
        throw new Error('The expression was not checked: Replace has no such mode.');
    }
  },
};

function replaceText(call: Call): Value {
  return call.each(SOURCE, (source) => {
    const replacement = call.text(REPLACEMENT) ?? '';
    return replaceAll(call, source, replacement);
  });
}
function fillTemplate(call: Call): Value {
  return call.each(SOURCE, (source) => replaceAll(call, call.text(TEMPLATE) ?? '', source));
}
function replaceAll(call: Call, where: string, by: string): string {
  const parts = where.split(call.prepared(OLD, oldValueOf));
  call.spend(by.length * (parts.length - 1) + 2 * parts.length);
  return parts.join(by);
}

const grower =
  (call: Call) =>
  (length: number): void =>
    call.spend(length + 1);

function replacePattern(call: Call): Value {
  const pattern = patternIn(call);
  const replacement = replacementIn(call, pattern);
  return call.each(SOURCE, (source) =>
    replaceByPattern(source, matchesOf(call, pattern, source), replacement, grower(call)),
  );
}
function replaceOneGroup(call: Call): Value {
  const pattern = patternIn(call);
  const by = { group: call.text(GROUP) ?? '', replacement: call.text(REPLACEMENT) ?? '' };
  return call.each(SOURCE, (source) => replaceGroup(source, matchesOf(call, pattern, source), by, grower(call)));
}
function sourceOrGroup(call: Call): Value {
  const source = call.text(SOURCE);
  if (source !== null && source !== '') return source;
  const pattern = patternIn(call);
  const group = call.text(GROUP) ?? '';
  return call.each(ATTRIBUTE, (other) => firstGroup(matchesOf(call, pattern, other), group));
}

// A pattern that comes from the object costs its compilation, whether or not it was compiled for another object before.
function patternIn(call: Call): UsableRegex {
  if (!call.constant(PATTERN)) call.spend(compileSteps(call.text(PATTERN) ?? ''));
  return call.prepared(PATTERN, patternOf);
}
function replacementIn(call: Call, pattern: UsableRegex): Replacement {
  if (!call.constant(PATTERN)) return replacementOf(call.text(REPLACEMENT) ?? '', pattern);
  return call.prepared(REPLACEMENT, (value) => replacementOf(textOf(value) ?? '', pattern));
}
// Two steps for each instruction that a character may cost, and for each match.
function matchesOf(call: Call, pattern: UsableRegex, source: string): readonly Match[] {
  call.spend(2 * source.length * (pattern.size + 10));
  return pattern.matches(source);
}

function checkMode(args: readonly (Expression | null)[]): ArgumentProblem | null {
  if (modeOf((index) => (args[index] ?? null) !== null) !== undefined) return null;
  return {
    message:
      'Replace needs one of: oldValue + replacementValue; oldValue + template; regexPattern + replacementValue; ' +
      'regexPattern + regexGroupName + replacementValue; regexPattern + regexGroupName + replacementAttributeName.',
  };
}

function checkPattern(args: readonly (Expression | null)[]): ArgumentProblem | null {
  const [pattern, group] = [args[PATTERN] ?? null, args[GROUP] ?? null];
  if (pattern?.kind !== 'constant') return null;
  const regex = regexOf(String(pattern.value));
  if (!regex.ok) return { message: regex.message, argument: PATTERN };
  if (group?.kind !== 'constant' || hasGroup(regex, String(group.value))) return null;
  const name = String(group.value);
  const known = regex.names.length === 0 ? 'it has no named group' : `its groups are ${regex.names.join(', ')}`;
  return {
    message: `The regular expression of Replace has no group named ${name} (${known}): write (?<${name}>…).`,
    argument: GROUP,
  };
}

const hasGroup = (regex: UsableRegex, name: string): boolean =>
  regex.names.includes(name) || (/^\d{1,4}$/.test(name) && Number(name) < regex.groupCount);
