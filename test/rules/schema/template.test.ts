import { describe, expect, it } from 'vitest';
import { findTemplate, jobTemplates } from '../../../config/applications/index.ts';
import { sourceAttributes } from '../../../src/rules/model/source-attributes.ts';
import { read, wire } from './documents.ts';

const [scimTemplate] = jobTemplates;
if (scimTemplate === undefined) throw new Error('there are no job templates');
const [rule] = scimTemplate.schema.synchronizationRules;
const [users, groups] = rule?.objectMappings ?? [];
const rows = (mapping: typeof users): readonly (readonly [string, string | null | undefined, number])[] =>
  (mapping?.attributeMappings ?? []).map((m) => [m.targetAttributeName, m.source?.expression, m.matchingPriority]);

describe('the job template scim', () => {
  it('is found by its id and offered by the non-gallery application', () => {
    expect(findTemplate('scim')).toBe(scimTemplate);
    expect(findTemplate('SCIM')).toBeNull();
    expect(scimTemplate.applicationId).toBe('8adf8e6e-67b2-4cf2-a259-e3dc5476c621');
  });

  it('has the rule that Entra has', () => {
    expect(rule).toMatchObject({
      id: '03f7d90d-bf71-41b1-bda6-aaf0ddbee5d8',
      name: 'USERGROUP_OUTBOUND_USERGROUP',
      sourceDirectoryName: 'Azure Active Directory',
      targetDirectoryName: 'customappsso',
    });
    expect(rule?.objectMappings.map((m) => [m.name, m.sourceObjectName, m.targetObjectName, m.flowTypes])).toEqual([
      [
        'Provision Azure Active Directory Users',
        'User',
        'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
        ['Add', 'Update', 'Delete'],
      ],
      [
        'Provision Azure Active Directory Groups',
        'Group',
        'urn:ietf:params:scim:schemas:core:2.0:Group',
        ['Add', 'Update', 'Delete'],
      ],
    ]);
  });

  it('maps users and groups as Entra does by default', () => {
    const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
    expect(rows(users)).toHaveLength(22);
    expect(rows(users)).toEqual(
      expect.arrayContaining([
        ['userName', '[userPrincipalName]', 1],
        ['active', 'Switch([IsSoftDeleted], , "False", "True", "True", "False")', 0],
        ['name.formatted', 'Join(" ", [givenName], [surname])', 0],
        ['externalId', '[mailNickname]', 0],
        [`${enterprise}:manager`, '[manager]', 0],
      ]),
    );
    expect(rows(groups)).toEqual([
      ['displayName', '[displayName]', 1],
      ['externalId', '[objectId]', 0],
      ['members', '[members]', 0],
    ]);
  });

  it('describes every attribute that the engine can read, and each object has one anchor', () => {
    const [entra, application] = scimTemplate.schema.directories;
    for (const type of ['User', 'Group'] as const) {
      const defined = entra?.objects.find((o) => o.name === type)?.attributes.map((a) => a.name);
      expect(defined).toEqual(sourceAttributes(type).map((a) => a.name));
    }
    for (const object of [...(entra?.objects ?? []), ...(application?.objects ?? [])]) {
      expect(
        object.attributes.filter((a) => a.anchor),
        object.name,
      ).toHaveLength(1);
    }
  });

  it('can be saved as it is, and reads back the same', () => {
    expect(read(wire())).toMatchObject({
      ok: true,
      schema: { ...scimTemplate.schema, id: 'scim.t.g', version: '1.0' },
    });
    expect(read(wire(), null)).toMatchObject({ ok: true });
  });
});
