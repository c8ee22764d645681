import { describe, expect, it } from 'vitest';

import { isPrivateAddress } from '../../src/target/private-address.ts';
import { checkTenantUrl, pathBelow, readTenantUrl } from '../../src/target/tenant-url.ts';

describe('the tenant URL', () => {
  it.each([
    'https://api.contoso.com/scim',
    'https://api.contoso.com/scim/?aadOptscim062020',
    ' https://8.8.8.8/ ',
    'https://[2606:4700::1111]/scim',
  ])('may be %s', (url) => expect(checkTenantUrl(url, false)).toBeNull());

  it.each([
    ['', 'is not a URL'],
    ['contoso', 'is not a URL'],
    ['https://', 'is not a URL'],
    ['ftp://contoso.com/scim', 'must start with https://'],
    ['javascript:alert(1)', 'must start with https://'],
    ['https://me:secret@contoso.com', 'must not contain a user name'],
    ['http://contoso.com/scim', 'must start with https://'],
    ['https://localhost/scim', 'private network'],
    ['https://app.localhost./scim', 'private network'],
    ['https://127.1/scim', 'private network'],
    ['https://2130706433/scim', 'private network'],
    ['https://0x7f.1/scim', 'private network'],
    ['https://10.1.2.3/scim', 'private network'],
    ['https://0177.0.0.1/scim', 'private network'],
    ['https://0xa000001/scim', 'private network'],
    ['https://①②⑦.⓪.⓪.①/scim', 'private network'],
    ['https://100.100.100.200/latest', 'private network'],
    ['https://168.63.129.16/metadata', 'private network'],
    ['https://metadata.google.internal/v1', 'private network'],
    ['https://[fe80::1]/scim', 'private network'],
    ['https://[fd00:ec2::254]/latest', 'private network'],
    ['https://[::ffff:7f00:1]/scim', 'private network'],
    ['https://[64:ff9b::7f00:1]/scim', 'private network'],
    ['https://[ff02::1]/scim', 'private network'],
    ['https://224.0.0.1/scim', 'private network'],
    ['https://169.254.169.254/latest', 'private network'],
    ['https://[::1]/scim', 'private network'],
    ['https://[::ffff:10.0.0.1]/scim', 'private network'],
    ['https://[fd00::1]/scim', 'private network'],
  ])('may not be %s, in one sentence', (url, reason) => {
    const sentence = checkTenantUrl(url, false);
    expect(sentence).toContain(reason);
    expect(sentence).not.toContain('secret@');
    expect(sentence).toMatch(/\.$/);
  });

  it('may be private and unencrypted where that is allowed', () => {
    expect(checkTenantUrl('http://127.0.0.1:8080/scim', true)).toBeNull();
    expect(checkTenantUrl('ftp://127.0.0.1', true)).not.toBeNull();
  });

  it('is joined with segments that are encoded, keeps its own query and drops the flag of Entra', () => {
    const base = readTenantUrl('https://contoso.com/scim/v2//?tenant=a%20b&aadOptscim062020&AADOPTSCIM062020=1&x');
    if (base === null) throw new Error('not read');
    expect(pathBelow(base, ['Users', 'a/b?c@d "e"%'], { filter: 'userName eq "ü&+"' })).toBe(
      '/scim/v2/Users/a%2Fb%3Fc%40d%20%22e%22%25?tenant=a%20b&x&filter=userName%20eq%20%22%C3%BC%26%2B%22',
    );
    const bare = readTenantUrl('https://contoso.com');
    expect(bare === null ? null : pathBelow(bare, ['Groups'])).toBe('/Groups');
  });
});

describe('private addresses', () => {
  it.each([
    '0.0.0.0',
    '100.64.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '255.255.255.255',
    '::',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    'fe80::1',
    'fe80::1%eth0',
    '::ffff:8.8.8.8',
  ])('include %s', (address) => expect(isPrivateAddress(address)).toBe(true));
  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', 'contoso.com'])('do not include %s', (address) =>
    expect(isPrivateAddress(address)).toBe(false),
  );
});
