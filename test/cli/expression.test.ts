import { describe, expect, it } from 'vitest';
import { functionCatalogue } from '../../src/rules/expressions/catalogue.ts';
import { pointAt } from '../../src/cli/caret.ts';
import { command } from '../support/command.ts';

const evaluate = (...args: readonly string[]) => command('expression', 'eval', ...args);

describe('expression eval', () => {
  it('prints the result, one value a line, without an engine', async () => {
    const joined = await evaluate('Join(", ", [surname], [givenName])', '-a', 'surname=Doe', '-a', 'givenName=Jo');
    expect(joined).toEqual({ code: 0, out: 'Doe, Jo\n', err: '' });
    const several = await evaluate('[otherMails]', '--attribute', 'otherMails=a=1', '--attribute', 'otherMails=b');
    expect(several.out).toBe('a=1\nb\n');
    expect((await evaluate('ToUpper([department])')).out).toBe('(no value)\n');
    expect((await evaluate('IIF([department]="x", "y", IgnoreObjectFlow)')).out).toContain('the whole object is left');
  });

  it('points at what is wrong, and ends with 1', async () => {
    const ended = await evaluate('Append([mail], Uper("x"))');
    expect([ended.code, ended.out]).toEqual([1, '']);
    const [message, text, caret] = ended.err.split('\n');
    expect(message).toContain('There is no function Uper');
    expect(text?.slice(caret?.indexOf('^'))).toBe('Uper("x"))');
    expect((await evaluate('Append([departmnt], "x")')).err).toContain('Did you mean department?');
  });

  it('types the result as the application wants it', async () => {
    expect((await evaluate('"true"', '--target', 'active')).out).toBe('True\n');
    const wrong = await evaluate('"x"', '--target', 'active');
    expect([wrong.code, wrong.out]).toEqual([1, '']);
    expect(wrong.err).toContain('"x"');
    expect((await evaluate('"x"', '--target', 'nothing')).code).toBe(2);
  });

  it('prints what the API answers with --json, also for an expression that is wrong', async () => {
    const right = await evaluate('ToUpper([mail])', '-a', 'mail=a', '--json');
    expect(JSON.parse(right.out)).toMatchObject({ parsingSucceeded: true, evaluationResult: ['A'], error: null });
    const wrong = await evaluate('ToUper([mail])', '--json');
    expect(wrong.code).toBe(1);
    expect(JSON.parse(wrong.out)).toMatchObject({ parsingSucceeded: false, error: { code: 'ExpressionInvalid' } });
  });

  it.each([['mail'], ['=x'], ['']])('refuses the test value %j as wrong usage', async (value) => {
    const { code, err } = await evaluate('[mail]', '--attribute', value);
    expect(code).toBe(2);
    expect(err).toContain('name=value');
  });

  it('keeps what a value says from steering the terminal', async () => {
    expect((await evaluate('[mail]', '-a', 'mail=\u001b[2Jx')).out).toBe(' [2Jx\n');
  });
});

describe('expression functions', () => {
  it('lists every function, and shows one with its parameters and examples, in any case', async () => {
    const all = (await command('expression', 'functions')).out;
    for (const { name } of functionCatalogue) expect(all).toContain(`\n${name}(`);
    const { out } = await command('expression', 'functions', 'replace');
    expect(out).toMatch(/^Replace\(source, oldValue\?/);
    expect(out).toMatch(/regexPattern +String +optional +RegularExpression\n/);
    expect(out).toContain('→  "en_US"  when preferredLanguage = en-US');
  });

  it('says which function was meant', async () => {
    const { code, err } = await command('expression', 'functions', 'Replacee');
    expect(code).toBe(1);
    expect(err).toContain('did you mean Replace?');
  });
});

describe('a caret', () => {
  it('stands under its place also in a long expression', () => {
    const text = `${'x'.repeat(300)}!${'y'.repeat(300)}`;
    const [line = '', caret = ''] = pointAt(text, 300).split('\n');
    expect(line.length).toBeLessThan(100);
    expect(line.charAt(caret.indexOf('^'))).toBe('!');
    expect(pointAt('ab', 9)).toBe('  ab\n    ^');
  });
});
