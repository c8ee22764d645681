import { describe, expect, it } from 'vitest';
import { noDialect } from '../../../src/rules/model/target.ts';
import { dialectFor, dialects } from '../../../src/rules/scim/dialects.ts';

const of = (sources: Partial<Parameters<typeof dialectFor>[0]>) =>
  dialectFor({ dialect: noDialect, settings: {}, tenantUrl: 'https://app.example/scim', ...sources });

describe('the dialect of a job', () => {
  it('is the RFC unless somebody says otherwise', () => {
    expect(of({})).toEqual(dialects.rfc);
  });

  it.each([
    'https://app.example/scim?aadOptscim062020',
    'https://app.example/scim/?aadoptscim062020=',
    'https://app.example/scim?AADOPTSCIM062020=true',
    'https://app.example/scim?tenant=7&aadOptscim062020&x=1',
    'https://app.example/scim?tenant=7&aadOptscim062020=no#part',
  ])('is chosen by the flag in %s', (tenantUrl) => {
    expect(of({ tenantUrl }).name).toBe('entra-062020');
    expect(of({ tenantUrl, dialect: { ...noDialect, name: 'entra' } }).name).toBe('entra-062020');
  });

  it.each([
    'https://app.example/aadOptscim062020',
    'https://app.example/scim?x=aadOptscim062020',
    'https://a/#aadOptscim062020',
  ])('is not chosen by %s', (tenantUrl) => {
    expect(of({ tenantUrl }).name).toBe('rfc');
  });

  it('is named by the template, and by the setting before all others', () => {
    const dialect = { ...noDialect, name: 'entra' } as const;
    expect(of({ dialect }).name).toBe('entra');
    const tenantUrl = 'https://app.example/scim?aadOptscim062020';
    expect(of({ dialect, tenantUrl, settings: { ScimDialect: 'RFC' } }).name).toBe('rfc');
  });

  it('takes knobs of the template, and what was found on top, type by type', () => {
    const found = { opCase: 'capital', update: { User: 'put', Group: 'patch' } } as const;
    const knobs = { opCase: 'lower', pageSize: 20, filterable: { User: ['userName'], Group: null } } as const;
    expect(of({ dialect: { ...noDialect, knobs, found } })).toEqual({ ...dialects.rfc, ...knobs, ...found });
  });
});
