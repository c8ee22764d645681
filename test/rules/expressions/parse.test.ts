import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_EXPRESSION_LENGTH, parseExpression } from '../../../src/rules/expressions/parse.ts';
import { printExpression } from '../../../src/rules/expressions/print.ts';
import { attributesOf, isSelectUniqueValue, redacts } from '../../../src/rules/expressions/references.ts';
import { expressions } from './trees.ts';

const refusal = (text: string): { message: string; at: number } => {
  const parsed = parseExpression(text);
  if (parsed.ok) throw new Error(`accepted: ${text}`);
  return { message: parsed.message, at: parsed.at };
};
const canonical = (text: string): string => {
  const parsed = parseExpression(text);
  if (!parsed.ok) throw new Error(`${parsed.message} at ${String(parsed.at)}`);
  return printExpression(parsed.expression);
};

describe('printing and parsing', () => {
  it('gives the same tree back for every tree', () => {
    fc.assert(
      fc.property(expressions, (tree) => {
        expect(parseExpression(printExpression(tree))).toEqual({ ok: true, expression: tree });
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws, whatever the text', () => {
    const tokens = fc.array(
      fc.constantFrom(
        'IIF',
        'Switch',
        'Append',
        '(',
        ')',
        ',',
        '[a]',
        '[',
        ']',
        '"',
        '"x"',
        '\\',
        '=',
        '<>',
        '1',
        '-',
        '&H',
        ' ',
        'NULL',
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          tokens.map((t) => t.join('')),
        ),
        (text) => {
          const parsed = parseExpression(text);
          expect(parsed.ok || (parsed.at >= 0 && parsed.at <= text.length && parsed.message !== '')).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    [
      'Switch( [IsSoftDeleted],, "False","True" ,"True", "False" )',
      'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    ],
    ['Replace([preferredLanguage], "-", , , "_", , )', 'Replace([preferredLanguage], "-", , , "_", , )'],
    ['IIF ( [ a ] = "b" , 1 , )', 'IIF([a]="b", 1, )'],
    ['BitAnd([x], &H21c07000)', 'BitAnd([x], &H21C07000)'],
    ['Replace([x], , "\\+", , "00", , )', 'Replace([x], , "\\\\+", , "00", , )'],
  ])('writes %s in Entra’s canonical form', (text, printed) => {
    expect(canonical(text)).toBe(printed);
  });

  it('keeps an omitted argument apart from an empty text', () => {
    expect(canonical('Switch([a], "", "x", "y")')).not.toBe(canonical('Switch([a], , "x", "y")'));
  });
});

describe('a text that is no expression', () => {
  it.each<[string, string, number]>([
    ['Appendd([a], "b")', 'did you mean Append?', 0],
    ['append([a], "b")', 'did you mean Append?', 0],
    ['ToUpper(Nope([a]))', 'There is no function Nope', 8],
    ['SelectUniqueValue([a])', 'at least two rules', 0],
    ['SelectUniqueValue([a], , [b])', 'left out', 23],
    ['ToUpper(SelectUniqueValue([a], [b]))', 'must be the outermost function', 8],
    ['SelectUniqueValue([a], SelectUniqueValue([b], [c]))', 'must be the outermost function', 23],
    ['Append([a])', 'Append needs the argument suffix', 0],
    ['Append([a], "b", "c")', 'Append takes (source, suffix), but 3 arguments are given', 17],
    ['ToUpper(Switch([a], "d", "k"))', 'Switch needs a value behind each key', 8],
    ['Switch([a], "d", "k", "v", "k2")', 'even number of at least 4, but 5', 0],
    ['IIF([a]="x", "y")', 'IIF needs three arguments', 0],
    ['Append([a], "x)', 'no closing quote', 12],
    ['Append([a, "x")', 'no closing bracket', 7],
    ['Append([a, "x"], [b])', 'is a closing bracket missing?', 7],
    ['Append([a] "x")', 'Expected a comma or a closing parenthesis, but found the constant "x"', 11],
    ['Append([a], “x”)', 'straight double quotes', 12],
    ['Append([a], mail)', 'write [mail] for an attribute', 12],
    ['Append([a], "b") & "c"', 'no concatenation', 17],
    ['Append([a], "b") + "c"', 'put texts together with Append or Join', 17],
    ['IIF([a]!="x", "y", "n")', 'not equal is <>', 7],
    ['IIF([a]=="x", "y", "n")', 'equal is =, once', 7],
    ['IIF([a]=<"x", "y", "n")', 'less or equal is <=', 7],
    ['IIF([a]="x" AND [b]="y", "y", "n")', 'There is no AND in this language: for both', 12],
    ['IIF([a]="x" && [b]="y", "y", "n")', 'There is no && in this language: for both', 12],
    ['IIF([a]="x" || [b]="y", "y", "n")', 'for either condition', 12],
    ['IIF(Or([a]="x", [b]="y"), "y", "n")', 'There is no function Or: for either', 4],
    ['If([a]="x", "y", "n")', 'use IIF', 0],
    ['Substring([a], 1, 2)', 'use Mid', 0],
    ['Append([a], "b") [c]', 'ends before [c]', 17],
    ['Append([a], "b"', 'but found the end', 15],
    ['[a]="b"', 'comparisons and bare words are arguments', 0],
    ['IgnoreAttributeFlow', 'comparisons and bare words are arguments', 0],
    ['Append([a], IgnoreAttributeFlow)', 'can only be a result of IIF, Switch or Coalesce', 12],
    ['InStr([a], "b", 1, UTF8)', 'vbTextCompare, vbBinaryCompare', 19],
    ['IIF([a]="b"="c", 1, 2)', 'Only two values can be compared', 11],
    ['Mid([a], 1.5, 2)', 'Only whole numbers', 9],
    ['Mid([a], 99999999999999999999999, 2)', 'does not fit into 64 bits', 9],
    ['Replace([a], "b", , , , , )', 'Replace needs one of', 0],
    ['Replace([a], , "(?=x)", , "", , )', 'look-around (look-ahead) is not supported', 15],
    ['Replace([a], , "(x", , "", , )', 'cannot be used', 15],
    ['Replace([a], , "(?<n>x)", "m", "", , )', 'has no group named m', 26],
    ['', 'found the end', 0],
    ['[]', 'brackets are empty', 0],
  ])('%s is refused with what is wrong and where', (text, message, at) => {
    expect(refusal(text)).toEqual({ message: expect.stringContaining(message) as string, at });
  });

  it('may have 10,000 characters and 200 nested functions, not more', () => {
    const nested = (depth: number): string => `${'ToLower('.repeat(depth)}[a]${')'.repeat(depth)}`;
    expect(parseExpression(nested(200)).ok).toBe(true);
    expect(refusal(nested(201)).message).toContain('nested');
    expect(parseExpression(`"${'x'.repeat(MAX_EXPRESSION_LENGTH - 2)}"`).ok).toBe(true);
    expect(refusal(`"${'x'.repeat(MAX_EXPRESSION_LENGTH - 1)}"`).message).toContain('10001 characters');
  });
});

describe('what an expression asks of its surroundings', () => {
  const facts = (text: string): readonly boolean[] => {
    const parsed = parseExpression(text);
    if (!parsed.ok) throw new Error(parsed.message);
    return [isSelectUniqueValue(parsed.expression), redacts(parsed.expression)];
  };
  it('is seen without evaluating it', () => {
    expect(facts('SelectUniqueValue([a], Redact([b]))')).toEqual([true, true]);
    expect(facts('IIF(Redact([a])="x", [b], [c])')).toEqual([false, true]);
    expect(facts('Join("Redact", [a])')).toEqual([false, false]);
  });
});

describe('the attributes of an expression', () => {
  it('are listed once, in the order of first mention', () => {
    const parsed = parseExpression('IIF([c]="x", Join(" ", [a], [c]), Switch([b], , [a], "1"))');
    expect(parsed.ok && attributesOf(parsed.expression)).toEqual(['c', 'a', 'b']);
  });
});
