import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromMappingSource, toMappingSource } from '../../../src/rules/expressions/mapping-source.ts';
import { parseExpression } from '../../../src/rules/expressions/parse.ts';
import type { MappingSource } from '../../../src/rules/model/schema.ts';
import { expressions } from './trees.ts';

const stored = (text: string): MappingSource => {
  const parsed = parseExpression(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return toMappingSource(parsed.expression);
};
const withoutText = (source: MappingSource): MappingSource => ({
  ...source,
  expression: null,
  parameters: source.parameters.map(({ key, value }) => ({ key, value: withoutText(value) })),
});
const keys = (text: string): readonly string[] => stored(text).parameters.map((p) => p.key);

describe('the stored form of an expression', () => {
  it('has the shape that Entra answers, with given arguments only', () => {
    const constant = (name: string): MappingSource => ({
      type: 'Constant',
      name,
      expression: `"${name}"`,
      parameters: [],
    });
    expect(stored('Replace([preferredLanguage], "-", , , "_", , )')).toEqual({
      type: 'Function',
      name: 'Replace',
      expression: 'Replace([preferredLanguage], "-", , , "_", , )',
      parameters: [
        {
          key: 'source',
          value: { type: 'Attribute', name: 'preferredLanguage', expression: '[preferredLanguage]', parameters: [] },
        },
        { key: 'Find', value: constant('-') },
        { key: 'Replacement', value: constant('_') },
      ],
    });
  });

  it.each<[string, readonly string[]]>([
    ['Switch([a], , "1", "x", "2", "y")', ['source', 'switchValue', 'switchValue', 'switchValue', 'switchValue']],
    ['Join(" ", [a], [b])', ['separator', 'source', 'source']],
    ['IIF([a]="b", "c", "d")', ['one', 'two', 'three', 'four', 'five']],
    ['IIF(IsPresent([a]), "c", "d")', ['one', 'four', 'five']],
    ['FormatDateTime([a], , "yyyy", "yy")', ['source', 'inputFormat', 'outputFormat']],
    ['Mid([a], 1, 2)', ['source', 'start', 'length']],
  ])('%s is keyed as in schemas of Entra', (text, expected) => {
    expect(keys(text)).toEqual(expected);
  });

  it('stores numbers as text constants', () => {
    expect(stored('Mid([a], 1, &HF)').parameters[2]?.value).toEqual({
      type: 'Constant',
      name: '15',
      expression: '"15"',
      parameters: [],
    });
  });

  it('reads back to the tree that it was made from', () => {
    fc.assert(
      fc.property(expressions, (tree) => {
        const source = toMappingSource(tree);
        expect(fromMappingSource(source)).toMatchObject({ ok: true });
        const read = fromMappingSource(source);
        expect(read.ok && toMappingSource(read.expression)).toEqual(source);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    'IIF([a]="b", Join(" ", [a], "x"), )',
    'IIF(IsPresent([a]), Append([a], "x"), [b])',
    'CBool([a]<>[b])',
    'IIF([a]="x", IgnoreAttributeFlow, Switch([b], IgnoreObjectFlow, "1", "2"))',
    'Replace([x], , "[0-9]+", , "", , )',
    'Now()',
  ])('is built from names and parameters when a client sends no text: %s', (text) => {
    const read = fromMappingSource(withoutText(stored(text)));
    expect(read.ok && toMappingSource(read.expression)).toEqual(stored(text));
  });

  it('may be a bare name and type, as clients send it', () => {
    const bare = (type: MappingSource['type'], name: string): MappingSource => ({
      type,
      name,
      expression: null,
      parameters: [],
    });
    expect(fromMappingSource(bare('Attribute', 'mail'))).toEqual({
      ok: true,
      expression: { kind: 'attribute', name: 'mail' },
    });
    expect(fromMappingSource(bare('Constant', 'x'))).toEqual({
      ok: true,
      expression: { kind: 'constant', value: 'x' },
    });
    expect(fromMappingSource(bare('Function', 'Guid'))).toEqual({
      ok: true,
      expression: { kind: 'call', name: 'Guid', args: [] },
    });
  });

  it.each<[string, Partial<MappingSource>, string]>([
    [
      'a name that contradicts the text',
      { type: 'Attribute', name: 'mail', expression: '[userPrincipalName]' },
      'make the two agree',
    ],
    [
      'a type that contradicts the text',
      { type: 'Attribute', name: 'mail', expression: 'ToLower([mail])' },
      'is of type Function',
    ],
    ['neither name nor text', { type: 'Attribute' }, 'neither a name nor an expression'],
    ['an unknown function', { type: 'Function', name: 'Nope' }, 'no function Nope'],
    [
      'an unknown parameter',
      { type: 'Function', name: 'ToLower', parameters: [{ key: 'text', value: stored('[a]') }] },
      'no parameter text',
    ],
    [
      'a parameter given twice',
      {
        type: 'Function',
        name: 'Trim',
        parameters: [
          { key: 'source', value: stored('[a]') },
          { key: 'source', value: stored('[b]') },
        ],
      },
      '2 times',
    ],
    [
      'a missing parameter',
      { type: 'Function', name: 'Append', parameters: [{ key: 'source', value: stored('[a]') }] },
      'needs the argument suffix',
    ],
    ['a bad attribute name', { type: 'Attribute', name: 'given name' }, 'cannot contain'],
    [
      'a bad attribute name inside',
      {
        type: 'Function',
        name: 'Trim',
        parameters: [{ key: 'source', value: { type: 'Attribute', name: 'a], [b', expression: null, parameters: [] } }],
      },
      'ends before',
    ],
    [
      'a comparison alone',
      { type: 'Function', name: '=', parameters: ['left', 'right'].map((key) => ({ key, value: stored('[a]') })) },
      'are arguments',
    ],
  ])('is refused with %s', (_, part, message) => {
    const read = fromMappingSource({ type: 'Attribute', name: null, expression: null, parameters: [], ...part });
    expect(read).toMatchObject({ ok: false, message: expect.stringContaining(message) as string });
  });

  it('is refused when its canonical text would be too long to be read again', () => {
    const expression = `Join(${'"",'.repeat(2499)}"")`;
    expect(expression.length).toBeLessThan(10_000);
    expect(fromMappingSource({ type: 'Function', name: 'Join', expression, parameters: [] })).toMatchObject({
      ok: false,
      message: expect.stringContaining('canonical form') as string,
    });
  });

  it('is refused when parameters nest without end', () => {
    let source: MappingSource = { type: 'Attribute', name: 'a', expression: null, parameters: [] };
    for (let i = 0; i < 5000; i += 1)
      source = { type: 'Function', name: 'Trim', expression: null, parameters: [{ key: 'source', value: source }] };
    expect(fromMappingSource(source)).toMatchObject({
      ok: false,
      message: expect.stringContaining('nested') as string,
    });
  });
});
