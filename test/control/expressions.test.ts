import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { functionCatalogue } from '../../src/rules/expressions/catalogue.ts';
import { SP } from '../support/fake-deps.ts';
import { openControl } from '../support/control.ts';
import type { Control } from '../support/control.ts';

const root = `/beta/servicePrincipals/${SP.id}/synchronization`;

let control: Control;
let schemaPath: string;
beforeEach(async () => {
  control = await openControl();
  const { id } = (await control.post(`${root}/jobs`, { templateId: 'scim' })).json<{ id: string }>();
  schemaPath = `${root}/jobs/${id}/schema`;
});
afterEach(() => control.close());

interface ParseAnswer {
  readonly parsingSucceeded: boolean;
  readonly parsedExpression: { readonly type: string; readonly name: string } | null;
  readonly evaluationSucceeded: boolean;
  readonly evaluationResult: readonly string[];
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details: readonly { readonly code: string; readonly message: string }[];
  } | null;
}
async function parse(
  expression: unknown,
  properties: Readonly<Record<string, unknown>> = {},
  more: { readonly target?: object; readonly definition?: object } = {},
): Promise<ParseAnswer> {
  const answer = await control.post(`${schemaPath}/parseExpression`, {
    expression,
    targetAttributeDefinition: more.target ?? null,
    testInputObject: {
      definition: more.definition ?? null,
      properties: Object.entries(properties).map(([key, value]) => ({
        key,
        value,
        ...(Array.isArray(value) ? { 'value@odata.type': '#Collection(String)' } : {}),
      })),
    },
  });
  expect(answer.statusCode).toBe(200);
  return answer.json<ParseAnswer>();
}

describe('parseExpression', () => {
  it('answers the documented request in the documented shape', async () => {
    const constant = (name: string) => ({ type: 'Constant', name, expression: `"${name}"`, parameters: [] });
    const attribute = {
      type: 'Attribute',
      name: 'preferredLanguage',
      expression: '[preferredLanguage]',
      parameters: [],
    };
    expect(await parse('Replace([preferredLanguage], "-", , , "_", , )', { preferredLanguage: 'EN-US' })).toEqual({
      '@odata.context': 'http://localhost:80/beta/$metadata#microsoft.graph.parseExpressionResponse',
      error: null,
      evaluationSucceeded: true,
      evaluationResult: ['EN_US'],
      parsingSucceeded: true,
      parsedExpression: {
        expression: 'Replace([preferredLanguage], "-", , , "_", , )',
        name: 'Replace',
        type: 'Function',
        parameters: [
          { key: 'source', value: attribute },
          { key: 'Find', value: constant('-') },
          { key: 'Replacement', value: constant('_') },
        ],
      },
    });
  });

  it.each([
    ['jobs', () => schemaPath],
    ['templates', () => `${root}/templates/scim/schema`],
    ['a key in parentheses', () => `${root}/templates('scim')/schema`],
  ])('stands below %s, with every way to write an action', async (_what, path) => {
    for (const spelling of [
      'parseExpression',
      'parseExpression/',
      'microsoft.graph.parseExpression',
      'parseexpression',
    ]) {
      const answer = await control.post(`${path()}/${spelling}`, { expression: 'ToUpper("a")' });
      expect([spelling, answer.statusCode, answer.json<ParseAnswer>().evaluationResult]).toEqual([
        spelling,
        200,
        ['A'],
      ]);
    }
  });

  it.each([
    [
      'a typed text is read as the type of its attribute',
      'IIF([accountEnabled]="True", "on", "off")',
      { accountEnabled: 'true' },
      ['on'],
    ],
    ['a boolean is a boolean', 'Not([accountEnabled])', { accountEnabled: false }, ['True']],
    [
      'a list has many values',
      'Join(";", [otherMails])',
      { otherMails: ['a@x.example', 'b@x.example'] },
      ['a@x.example;b@x.example'],
    ],
    [
      'and gives as many results',
      '[otherMails]',
      { otherMails: ['a@x.example', 'b@x.example'] },
      ['a@x.example', 'b@x.example'],
    ],
    [
      'role names stand for roles',
      'SingleAppRoleAssignment([appRoleAssignments])',
      { appRoleAssignments: ['Admin'] },
      ['Admin'],
    ],
    ['no value is no result', '[department]', {}, []],
    ['null is no value', '[department]', { department: null }, []],
    ['an empty text is a value', '[department]', { department: '' }, ['']],
    ['a number is a text where one is wanted', 'Append([department], "x")', { department: 7 }, ['7x']],
    ['an attribute is known when it has a test value', 'ToUpper([costCenter])', { costCenter: 'a' }, ['A']],
    ['directory extensions are known', '[extension_0123_costCenter]', {}, []],
    ['names of objects are no attributes', 'Append([__proto__], "x")', { ['__proto__']: 'a' }, ['ax']],
  ] as const)('%s', async (_what, expression, properties, result) => {
    const answer = await parse(expression, properties);
    expect([answer.error, answer.evaluationSucceeded, answer.evaluationResult]).toEqual([null, true, result]);
  });

  it('says which flow leaves the attribute or the object alone', async () => {
    const ignored = await parse('IIF([department]="x", "y", IgnoreAttributeFlow)');
    expect(ignored).toMatchObject({ evaluationSucceeded: true, evaluationResult: [], error: null });
    expect(ignored).toHaveProperty(['evaluationResult@provisor.flow'], 'IgnoreAttributeFlow');
  });

  it('types the result as the target attribute wants it', async () => {
    const boolean = { name: 'active', type: 'Boolean' };
    expect((await parse('"true"', {}, { target: boolean })).evaluationResult).toEqual(['True']);
    expect((await parse('" 007 "', {}, { target: { name: 'level', type: 'Integer' } })).evaluationResult).toEqual([
      '7',
    ]);
    const wrong = await parse('"perhaps"', {}, { target: boolean });
    expect(wrong).toMatchObject({ parsingSucceeded: true, evaluationSucceeded: false, evaluationResult: [] });
    expect(wrong.error).toMatchObject({ code: 'AttributeEvaluationFailed' });
    const several = { otherMails: ['a', 'b'] };
    expect((await parse('[otherMails]', several, { target: { name: 'mail' } })).evaluationSucceeded).toBe(false);
    const list = { name: 'mails', multivalued: true };
    expect((await parse('[otherMails]', several, { target: list })).evaluationResult).toEqual(['a', 'b']);
  });

  it('takes types from the definition of the test object', async () => {
    const definition = { name: 'User', attributes: [{ name: 'badge', type: 'Integer' }] };
    expect((await parse('BitAnd([badge], 4)', { badge: '6' }, { definition })).evaluationResult).toEqual(['4']);
    const wrong = await parse('BitAnd([badge], 4)', { badge: 'six' }, { definition });
    expect(wrong.error?.message).toMatch(/^The test value of badge does not fit its type Integer: .*"six"/);
  });

  it.each([
    ['ToUper([mail])', 'ExpressionInvalid', 1, /did you mean ToUpper/],
    ['Append([mail], Uper("x"))', 'ExpressionInvalid', 16, /no function Uper/],
    ['', 'ExpressionInvalid', 1, /found the end/],
    ['Append([mail], "x"', 'ExpressionInvalid', 19, /closing parenthesis/],
    ['x'.repeat(10_001), 'ExpressionInvalid', 10_001, /at most 10000/],
  ])('refuses %s where it is wrong', async (expression, code, at, why) => {
    const { error, ...rest } = await parse(expression);
    expect(rest).toMatchObject({
      parsingSucceeded: false,
      parsedExpression: null,
      evaluationSucceeded: false,
      evaluationResult: [],
    });
    expect(error).toMatchObject({ code, target: 'expression', details: [{ code: 'Position', message: String(at) }] });
    expect(error?.message).toMatch(why);
  });

  it('parses an expression that names an unknown attribute, and says which one was meant', async () => {
    const answer = await parse('Append([departmnt], "x")');
    expect(answer).toMatchObject({ parsingSucceeded: true, evaluationSucceeded: false });
    expect(answer.parsedExpression?.name).toBe('Append');
    expect(answer.error?.code).toBe('SchemaAttributeNotFound');
    expect(answer.error?.message).toContain('Did you mean department?');
    expect(answer.error?.details[0]?.message).toBe('8');
  });

  it('says why an expression cannot be evaluated for these values', async () => {
    const answer = await parse('FormatDateTime([employeeHireDate], , "yyyy-MM-dd", "yyyy")', {
      employeeHireDate: 'soon',
    });
    expect(answer).toMatchObject({ parsingSucceeded: true, evaluationSucceeded: false });
    expect(answer.error?.code).toBe('AttributeEvaluationFailed');
    expect(answer.error?.message).toContain('soon');
  });

  it.each([
    ['no body', undefined],
    ['no expression', {}],
    ['an expression that is no text', { expression: 7 }],
    ['a list', []],
    ['a test object that is a text', { expression: '[mail]', testInputObject: 'x' }],
    [
      'a test value that is an object',
      { expression: '[mail]', testInputObject: { properties: [{ key: 'mail', value: {} }] } },
    ],
    ['a test value without a name', { expression: '[mail]', testInputObject: { properties: [{ value: 'x' }] } }],
    ['a type that does not exist', { expression: '[mail]', targetAttributeDefinition: { type: 'Text' } }],
    [
      'a test value given twice',
      {
        expression: '[mail]',
        testInputObject: {
          properties: [
            { key: 'mail', value: 'x' },
            { key: 'mail', value: 'y' },
          ],
        },
      },
    ],
  ])('refuses %s', async (_what, body) => {
    const answer = await control.send('POST', `${schemaPath}/parseExpression`, body);
    expect([answer.statusCode, answer.json<{ error: { code: string } }>().error.code]).toEqual([
      400,
      'Request_BadRequest',
    ]);
  });
});

describe('the language and the filters', () => {
  it.each(['functions', 'functions()', 'microsoft.graph.functions()', 'functions/'])(
    'are listed under %s',
    async (spelling) => {
      for (const path of [schemaPath, `${root}/templates/scim/schema`]) {
        const { value } = (await control.send('GET', `${path}/${spelling}`)).json<{ value: { id: string }[] }>();
        expect(value.map(({ id }) => id)).toEqual(functionCatalogue.map(({ name }) => name));
      }
    },
  );

  it('describe a function as Graph does', async () => {
    const { value } = (await control.send('GET', `${schemaPath}/functions`)).json<{
      value: { id: string; parameters: { name: string; required: boolean }[] }[];
    }>();
    const text = (name: string, required: boolean, allowMultipleOccurrences = false) => ({
      name,
      type: 'String',
      required,
      allowMultipleOccurrences,
    });
    expect(value.find(({ id }) => id === 'Join')).toEqual({
      id: 'Join',
      name: 'Join',
      parameters: [text('separator', true), text('source', true, true)],
    });
    const replace = value.find(({ id }) => id === 'Replace');
    expect(replace?.parameters.filter(({ required }) => !required).map(({ name }) => name)).toEqual([
      'Find',
      'RegularExpression',
      'RegularExpressionGroupName',
      'Replacement',
      'ReplacementPropertyName',
      'Template',
    ]);
  });

  it('describe the operators of filters as Graph does', async () => {
    const answer = await control.send('GET', `${schemaPath}/filterOperators()`);
    const { value } = answer.json<{ value: { id: string }[] }>();
    expect(value.find(({ id }) => id === 'IS TRUE')).toEqual({
      id: 'IS TRUE',
      name: 'IS TRUE',
      arity: 'Unary',
      multivaluedComparisonType: 'All',
      supportedAttributeTypes: ['Boolean'],
    });
    expect(value.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['EQUALS', 'REGEX MATCH', 'GREATER_THAN', 'INCLUDES']),
    );
  });
});

describe('directories', () => {
  it('are listed, counted and shown one by one, below jobs and templates', async () => {
    for (const path of [schemaPath, `${root}/templates/scim/schema`]) {
      const { value } = (await control.send('GET', `${path}/directories`)).json<{
        value: { id: string; name: string; objects: { name: string }[] }[];
      }>();
      expect((await control.send('GET', `${path}/directories/$count`)).body).toBe(String(value.length));
      for (const directory of value) {
        const shown = await control.send('GET', `${path}/directories('${encodeURIComponent(directory.id)}')`);
        expect(shown.json()).toEqual({
          ...directory,
          '@odata.context': expect.stringContaining('/directories/$entity') as string,
        });
      }
    }
  });

  it('are not found by a wrong id, which names those that there are', async () => {
    const answer = await control.send('GET', `${schemaPath}/directories/nope`);
    expect(answer.statusCode).toBe(404);
    expect(answer.json<{ error: { message: string } }>().error.message).toContain("'nope' does not exist");
  });
});
