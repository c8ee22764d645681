import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SynchronizationSchema } from '../../../src/rules/model/schema.ts';
import { writeSchema } from '../../../src/rules/schema/write-schema.ts';
import type { Document, ObjectMappingDocument } from './documents.ts';
import { current, expression, findingsAfter, mappingOf, read, users, wire } from './documents.ts';

const schemaOf = (document: unknown): SynchronizationSchema => {
  const result = read(document);
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.schema;
};
const USERS = 'synchronizationRules[0].objectMappings[0]';
const clause = (operatorName: string, sourceOperandName: string, ...values: readonly string[]): object => ({
  operatorName,
  sourceOperandName,
  targetOperand: { values },
});
const filtered =
  (...clauses: readonly object[]) =>
  (mapping: ObjectMappingDocument) => {
    mapping['scope'] = { groups: [{ name: 'g', clauses }] };
  };

describe('a schema document', () => {
  it('may be as sparse as clients send it: every default is filled in', () => {
    const document = wire();
    const mapping = users(document);
    for (const name of ['enabled', 'flowTypes', 'metadata', 'scope', 'name']) Reflect.deleteProperty(mapping, name);
    mapping.attributeMappings = [
      { targetAttributeName: 'userName', source: { name: 'mail', type: 'Attribute' }, matchingPriority: 1 },
      { targetAttributeName: 'title', source: { expression: 'ToUpper( [jobTitle] )', type: 'function' } },
      { targetAttributeName: 'nickName', defaultValue: 'x' },
    ];
    const saved = schemaOf(document).synchronizationRules[0]?.objectMappings[0];
    expect(saved).toEqual({
      name: 'User',
      enabled: true,
      flowTypes: ['Add', 'Update', 'Delete'],
      sourceObjectName: 'User',
      targetObjectName: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
      scope: null,
      metadata: [],
      attributeMappings: [
        {
          targetAttributeName: 'userName',
          source: { type: 'Attribute', name: 'mail', expression: '[mail]', parameters: [] },
          defaultValue: null,
          exportMissingReferences: false,
          flowBehavior: 'FlowWhenChanged',
          flowType: 'Always',
          matchingPriority: 1,
        },
        expect.objectContaining({
          source: {
            type: 'Function',
            name: 'ToUpper',
            expression: 'ToUpper([jobTitle])',
            parameters: [
              {
                key: 'source',
                value: { type: 'Attribute', name: 'jobTitle', expression: '[jobTitle]', parameters: [] },
              },
            ],
          },
        }),
        expect.objectContaining({ source: null, defaultValue: 'x' }),
      ],
    });
  });

  it.each<[string, unknown, readonly string[]]>([
    ['as Graph writes them', 'Add,Update,Delete', ['Add', 'Update', 'Delete']],
    ['with blanks and in any case', ' update , ADD', ['Add', 'Update']],
    ['as a list', ['Delete'], ['Delete']],
    ['as none', 'None', []],
    ['as an empty text', '', []],
  ])('gives flags %s', (_, flowTypes, expected) => {
    const document = wire();
    users(document)['flowTypes'] = flowTypes;
    expect(schemaOf(document).synchronizationRules[0]?.objectMappings[0]?.flowTypes).toEqual(expected);
  });

  it('is read without its annotations, and object names in any case', () => {
    const document: Document = { '@odata.context': 'x', ...wire(), id: 'other', version: '99' };
    const mapping = users(document);
    mapping['sourceObjectName'] = 'user';
    mapping['@odata.type'] = '#microsoft.graph.objectMapping';
    expect(schemaOf(document)).toEqual(current);
  });

  it('may spell its members with a capital, as metadata of Entra does', () => {
    const capital = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(capital);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([k, v]) => [k.charAt(0).toUpperCase() + k.slice(1), capital(v)]),
      );
    };
    expect(schemaOf(capital(wire()))).toEqual(current);
  });

  it('keeps the directories when they were not sent, and loses them when an empty list was', () => {
    const rest = wire();
    delete rest['directories'];
    expect(schemaOf(rest).directories).toEqual(current.directories);
    expect(schemaOf({ ...rest, directories: [] }).directories).toEqual([]);
  });

  it('may add a target attribute by name and type, and map it', () => {
    const document = wire();
    const [, application] = document['directories'] as { objects: { attributes: object[] }[] }[];
    const target = 'urn:ietf:params:scim:schemas:extension:Acme:2.0:User:badge';
    application?.objects[0]?.attributes.push({ name: target, type: 'String' });
    users(document).attributeMappings.push({
      targetAttributeName: target,
      source: { name: 'extension_0123abc_badge', type: 'Attribute' },
    });
    expect(read(document)).toMatchObject({ ok: true });
  });

  it('stores filters with canonical operator names and a null operand as no values', () => {
    const document = wire();
    filtered(clause('Greater_Than', 'employeeId', '5'), {
      operatorName: 'is not null',
      sourceOperandName: 'mail',
      targetOperand: null,
    })(users(document));
    const saved = schemaOf(document);
    expect(saved.synchronizationRules[0]?.objectMappings[0]?.scope).toEqual({
      groups: [
        {
          name: 'g',
          clauses: [
            { operatorName: 'GREATER_THAN', sourceOperandName: 'employeeId', targetOperand: { values: ['5'] } },
            { operatorName: 'IS NOT NULL', sourceOperandName: 'mail', targetOperand: { values: [] } },
          ],
        },
      ],
      inputFilterGroups: [],
      categoryFilterGroups: [],
    });
    expect(JSON.stringify(writeSchema(saved))).toContain('"targetOperand":null');
    expect(schemaOf(writeSchema(saved))).toEqual(saved);
  });

  it('is written with flags as one text without blanks', () => {
    expect(users(wire())['flowTypes']).toBe('Add,Update,Delete');
    const document = wire();
    users(document)['flowTypes'] = [];
    const written = JSON.parse(JSON.stringify(writeSchema(schemaOf(document)))) as Document;
    expect(users(written)['flowTypes']).toBe('None');
  });
});

describe('a wrong schema document', () => {
  it.each<[string, (mapping: ObjectMappingDocument, document: Document) => void, string, string, string]>([
    [
      'an expression that does not parse',
      (m) => (mappingOf(m, 'title')['source'] = expression('ToUpper([jobTitle]')),
      'attributeMappings[3].source.expression',
      'ExpressionInvalid',
      'closing parenthesis',
    ],
    [
      'an unknown function',
      (m) => (mappingOf(m, 'title')['source'] = expression('Upper([jobTitle])')),
      'attributeMappings[3].source.expression',
      'ExpressionInvalid',
      'did you mean ToUpper?',
    ],
    [
      'a Switch with an odd number of arguments',
      (m) => (mappingOf(m, 'active')['source'] = expression('Switch([IsSoftDeleted], , "False", "True", "True")')),
      'attributeMappings[1].source.expression',
      'ExpressionInvalid',
      'even number',
    ],
    [
      'an unknown source attribute',
      (m) => (mappingOf(m, 'title')['source'] = { name: 'jobPosition', type: 'Attribute' }),
      'attributeMappings[3].source',
      'SchemaInvalid',
      'no attribute jobPosition',
    ],
    [
      'a source attribute in the wrong case',
      (m) => (mappingOf(m, 'title')['source'] = expression('ToUpper([jobtitle])')),
      'attributeMappings[3].source',
      'SchemaInvalid',
      'Did you mean jobTitle?',
    ],
    [
      'a Graph name in place of the directory’s',
      (m) => (mappingOf(m, 'title')['source'] = { name: 'businessPhones', type: 'Attribute' }),
      'attributeMappings[3].source',
      'SchemaInvalid',
      'no attribute businessPhones',
    ],
    [
      'app roles mapped directly',
      (m) => (mappingOf(m, 'title')['source'] = { name: 'appRoleAssignments', type: 'Attribute' }),
      'attributeMappings[3].source',
      'SchemaInvalid',
      'SingleAppRoleAssignment',
    ],
    [
      'an unknown target attribute',
      (m) => (mappingOf(m, 'title')['targetAttributeName'] = 'titel'),
      'attributeMappings[3].targetAttributeName',
      'SchemaAttributeNotFound',
      'Did you mean title?',
    ],
    [
      'a target that is no path',
      (m) => (mappingOf(m, 'title')['targetAttributeName'] = 'emails[type="work"].value'),
      'attributeMappings[3].targetAttributeName',
      'SchemaInvalid',
      'not a SCIM attribute path',
    ],
    [
      'a mapping to id',
      (m) => (mappingOf(m, 'title')['targetAttributeName'] = 'id'),
      'attributeMappings[3].targetAttributeName',
      'SchemaInvalid',
      'sets id itself',
    ],
    [
      'a target mapped twice',
      (m) => (mappingOf(m, 'title')['targetAttributeName'] = 'USERNAME'),
      'attributeMappings[3].targetAttributeName',
      'SchemaInvalid',
      'mapped twice',
    ],
    [
      'no matching attribute',
      (m) => (mappingOf(m, 'userName')['matchingPriority'] = 0),
      'attributeMappings',
      'SchemaInvalid',
      'No mapping is used for matching',
    ],
    [
      'two attributes of one precedence',
      (m) => (mappingOf(m, 'externalId')['matchingPriority'] = 1),
      'attributeMappings[18].matchingPriority',
      'SchemaInvalid',
      'same matching precedence 1',
    ],
    [
      'matching by two source attributes',
      (m) => (mappingOf(m, 'userName')['source'] = expression('Join(".", [givenName], [surname])')),
      'attributeMappings[0].source',
      'SchemaInvalid',
      'more than one SourceName',
    ],
    [
      'matching by a constant',
      (m) => (mappingOf(m, 'userName')['source'] = { type: 'Constant', name: 'x' }),
      'attributeMappings[0].source',
      'SchemaInvalid',
      'reads no source attribute',
    ],
    [
      'a reference in a function',
      (m) => (mappingOf(m, 'title')['source'] = expression('Switch([manager], "a", "b", "c")')),
      'attributeMappings[3].source',
      'SchemaInvalid',
      'can only be mapped directly',
    ],
    [
      'a reference mapped to a text',
      (m) => (mappingOf(m, 'title')['source'] = { name: 'manager', type: 'Attribute' }),
      'attributeMappings[3].targetAttributeName',
      'SchemaInvalid',
      'of type Reference',
    ],
    [
      'a text mapped to a reference',
      (m) =>
        (mappingOf(m, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager')['source'] = {
          name: 'mail',
          type: 'Attribute',
        }),
      'attributeMappings[21].source',
      'SchemaInvalid',
      'is a reference',
    ],
    [
      'a default value of the wrong type',
      (m) => (mappingOf(m, 'active')['defaultValue'] = 'yes'),
      'attributeMappings[1].defaultValue',
      'SchemaInvalid',
      'no Boolean',
    ],
    [
      'an unknown flow type',
      (m) => (mappingOf(m, 'title')['flowType'] = 'Sometimes'),
      'attributeMappings[3].flowType',
      'SchemaInvalid',
      'Always, ObjectAddOnly',
    ],
    [
      'an unknown flag',
      (m) => (m['flowTypes'] = 'Add, Remove'),
      'flowTypes',
      'SchemaInvalid',
      'Use Add, Update, Delete',
    ],
    [
      'an unknown object',
      (m) => (m['sourceObjectName'] = 'Device'),
      'sourceObjectName',
      'SchemaInvalid',
      'Use one of User, Group',
    ],
    ['a wrong type of value', (m) => (m['enabled'] = 'yes'), 'enabled', 'SchemaInvalid', 'must be true or false'],
    [
      'a name that contradicts its expression',
      (m) => (mappingOf(m, 'title')['source'] = { type: 'Attribute', name: 'mail', expression: '[jobTitle]' }),
      'attributeMappings[3].source.expression',
      'ExpressionInvalid',
      'make the two agree',
    ],
    [
      'an unknown operator',
      filtered(clause('STARTS_WITH', 'mail', 'a')),
      'scope.groups[0].clauses[0].operatorName',
      'FilterInvalid',
      'not supported',
    ],
    [
      'an operator that the portal only shows',
      filtered(clause('IsMemberOf', 'mail', 'a')),
      'scope.groups[0].clauses[0].operatorName',
      'FilterInvalid',
      'not supported',
    ],
    [
      'a filter on an unknown attribute',
      filtered(clause('EQUALS', 'Department', 'a')),
      'scope.groups[0].clauses[0].sourceOperandName',
      'FilterInvalid',
      'Did you mean department?',
    ],
    [
      'a filter on a manager who is no id',
      filtered(clause('EQUALS', 'manager', 'Anna')),
      'scope.groups[0].clauses[0].targetOperand',
      'FilterInvalid',
      'Give the object id',
    ],
    [
      'an operator that does not apply to several values of their type',
      filtered(clause('IS TRUE', 'proxyAddresses')),
      'scope.groups[0].clauses[0].sourceOperandName',
      'FilterInvalid',
      'Use EQUALS',
    ],
    [
      'an operator for another type',
      filtered(clause('EQUALS', 'accountEnabled', 'True')),
      'scope.groups[0].clauses[0].sourceOperandName',
      'FilterInvalid',
      'IS TRUE or IS FALSE',
    ],
    [
      'a value where none belongs',
      filtered(clause('IS NULL', 'mail', 'a')),
      'scope.groups[0].clauses[0].targetOperand',
      'FilterInvalid',
      'takes no value',
    ],
    [
      'no value where one belongs',
      filtered(clause('EQUALS', 'mail')),
      'scope.groups[0].clauses[0].targetOperand',
      'FilterInvalid',
      'needs a value',
    ],
    [
      'a text for a number',
      filtered(clause('GREATER_THAN', 'employeeId', 'five')),
      'scope.groups[0].clauses[0].targetOperand',
      'FilterInvalid',
      'whole number',
    ],
    [
      'a pattern that does not compile',
      filtered(clause('REGEX MATCH', 'mail', '(a')),
      'scope.groups[0].clauses[0].targetOperand',
      'FilterInvalid',
      'cannot be used',
    ],
    [
      'the result of a test where a number belongs',
      (m) => (mappingOf(m, 'title')['source'] = expression('Mid([jobTitle], IsPresent([mail]), 2)')),
      'attributeMappings[3].source',
      'ExpressionInvalid',
      'start of Mid is IsPresent([mail]), which is of type Boolean, not Integer',
    ],
    [
      'a Boolean attribute where a number belongs',
      (m) => (mappingOf(m, 'title')['source'] = expression('BitAnd([accountEnabled], 2)')),
      'attributeMappings[3].source',
      'ExpressionInvalid',
      'value1 of BitAnd is [accountEnabled], which is of type Boolean',
    ],
    [
      'a file time where a date belongs',
      (m) => (mappingOf(m, 'title')['source'] = expression('DateAdd("d", 1, NumFromDate([employeeHireDate]))')),
      'attributeMappings[3].source',
      'ExpressionInvalid',
      'DateFromNum makes one of a file time',
    ],
    [
      'a culture that nobody has',
      (m) => (mappingOf(m, 'title')['source'] = expression('ToLower([jobTitle], "xx-XX")')),
      'attributeMappings[3].source',
      'ExpressionInvalid',
      '"xx-XX" is no culture',
    ],
    [
      'a constant that the target cannot hold',
      (m) => (mappingOf(m, 'active')['source'] = { type: 'Constant', expression: '"maybe"' }),
      'attributeMappings[1].source',
      'SchemaInvalid',
      'The constant "maybe" is no Boolean, which active needs.',
    ],
    [
      'a date for a Boolean',
      (m) => (mappingOf(m, 'active')['source'] = expression('CDate([employeeHireDate])')),
      'attributeMappings[1].source',
      'SchemaInvalid',
      'is of type DateTime, but active is of type Boolean',
    ],
    [
      'an object that the application does not have',
      (m) => (m['targetObjectName'] = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:Usr'),
      'targetObjectName',
      'SchemaInvalid',
      'Did you mean urn:ietf:params:scim:schemas:extension:enterprise:2.0:User?',
    ],
  ])('with %s is refused with its place and the remedy', (_, change, path, code, words) => {
    const errors = findingsAfter(change).filter(({ severity }) => severity === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ path: `${USERS}.${path}`, code, rule: 'USERGROUP_OUTBOUND_USERGROUP' });
    expect(errors[0]?.mapping).toBe('Provision Azure Active Directory Users');
    expect(`${errors[0]?.message ?? ''} ${errors[0]?.remedy ?? ''}`).toContain(words);
  });

  it.each<[string, (document: Document) => void, string, string]>([
    [
      'another rule',
      (d) => (d.synchronizationRules[0] = { ...wire().synchronizationRules[0], objectMappings: [], id: 'other' }),
      'synchronizationRules[0].id',
      'Keep the id 03f7d90d',
    ],
    [
      'a rule twice',
      (d) => d.synchronizationRules.push(...wire().synchronizationRules),
      'synchronizationRules[1].id',
      'occurs twice',
    ],
    ['no rules', (d) => (d.synchronizationRules = []), 'synchronizationRules', 'no synchronization rules'],
    [
      'a directory that it does not describe',
      (d) =>
        (d.synchronizationRules[0] = {
          objectMappings: [],
          ...wire().synchronizationRules[0],
          targetDirectoryName: 'x',
        }),
      'synchronizationRules[0].targetDirectoryName',
      'Use Azure Active Directory or customappsso',
    ],
    [
      'a directory twice',
      (d) => (d['directories'] = [{ name: 'a' }, { name: 'a' }]),
      'directories[1].name',
      'occurs twice',
    ],
    [
      'an attribute definition of unknown type',
      (d) => (d['directories'] = [{ name: 'a', objects: [{ name: 'o', attributes: [{ name: 'x', type: 'Text' }] }] }]),
      'directories[0].objects[0].attributes[0].type',
      'String, Integer',
    ],
  ])('with %s is refused', (_, change, path, message) => {
    const document = wire();
    change(document);
    const result = read(document);
    const found = (result.ok ? [] : result.findings).find((finding) => finding.path === path);
    expect(found).toMatchObject({ severity: 'error', code: 'SchemaInvalid' });
    expect(`${found?.message ?? ''} ${found?.remedy ?? ''}`).toContain(message);
  });

  it('tells everything that is wrong at once', () => {
    const findings = findingsAfter((mapping) => {
      mappingOf(mapping, 'userName')['matchingPriority'] = 0;
      mappingOf(mapping, 'title')['source'] = expression('Nope()');
      mappingOf(mapping, 'displayName')['targetAttributeName'] = 'dispalyName';
      filtered(clause('EQUALS', 'nobody', 'x'))(mapping);
    });
    expect(
      findings
        .filter((f) => f.severity === 'error')
        .map((f) => f.code)
        .sort(),
    ).toEqual(['ExpressionInvalid', 'FilterInvalid', 'SchemaAttributeNotFound', 'SchemaInvalid']);
  });

  it('tells the unknown attributes of an expression also when it does not parse', () => {
    const findings = findingsAfter((mapping) => {
      mappingOf(mapping, 'title')['source'] = expression('Mid([jobTitel], Lenght([surnme]');
    });
    expect(
      findings.filter((f) => f.severity === 'error').map((f) => [f.at, f.message.split(' for objects')[0]]),
    ).toEqual([
      [17, 'There is no function Lenght: see the list of functions.'],
      [5, 'The directory has no attribute jobTitel'],
      [24, 'The directory has no attribute surnme'],
    ]);
  });

  it('is warned of what would fail for some objects, or for all', () => {
    const document = wire();
    const mapping = users(document);
    mappingOf(mapping, 'title')['source'] = { type: 'Attribute', name: 'proxyAddresses' };
    mappingOf(mapping, 'externalId')['matchingPriority'] = 1;
    mapping.attributeMappings = mapping.attributeMappings.filter((m) => m['targetAttributeName'] !== 'userName');
    const result = read(document);
    if (!result.ok) throw new Error(JSON.stringify(result.findings));
    const texts = result.warnings.map(({ message }) => message);
    expect(texts).toContain('title holds one value, and objects with more than one would fail.');
    expect(texts).toContain('The application requires userName, which is not mapped: no account can be created.');
  });

  it('needs no matching attribute in an object mapping that is off', () => {
    expect(
      findingsAfter((mapping) => {
        mapping['enabled'] = false;
        mappingOf(mapping, 'userName')['matchingPriority'] = 0;
      }),
    ).toEqual([]);
  });

  it('never throws and never passes, whatever JSON is sent', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (document) => {
        const result = read(document);
        expect(!result.ok && result.findings.length > 0).toBe(true);
      }),
    );
  });

  it('never throws when one place of a good document holds something else', () => {
    const places = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] =>
      typeof value !== 'object' || value === null
        ? [path]
        : [path, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]))];
    const document = { ...wire(), directories: [] };
    fc.assert(
      fc.property(fc.constantFrom(...places(document).filter((p) => p.length > 0)), fc.jsonValue(), (path, junk) => {
        const changed: unknown = structuredClone(document);
        const last = path.at(-1) ?? '';
        const parent = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], changed);
        (parent as Record<string, unknown>)[last] = junk;
        const result = read(changed);
        if (result.ok) expect(schemaOf(writeSchema(result.schema))).toEqual(result.schema);
        else for (const finding of result.findings) expect(finding.message).not.toBe('');
      }),
      { numRuns: 1000 },
    );
  });
});
