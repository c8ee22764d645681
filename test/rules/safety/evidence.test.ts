import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactedExchange, redactedUrl } from '../../../src/rules/safety/quarantine-evidence.ts';

const raw = {
  method: 'GET',
  url: 'https://u:p@app.example/scim/Users?filter=userName%20eq%20%22adele%40contoso.com%22&count=1&token=abc',
  status: 403,
  headers: { 'content-type': 'application/json', 'set-cookie': 'sid=1', 'www-authenticate': 'Bearer realm="x"' },
  text: '',
};
const bodyOf = (text: string): string => redactedExchange({ ...raw, text }).body;

describe('the evidence of a quarantine', () => {
  it('shows method, place, status and the headers that tell something', () => {
    expect(redactedExchange(raw)).toEqual({
      method: 'GET',
      url: 'https://app.example/scim/Users?filter=userName eq "***"&count=1&token=***',
      status: 403,
      headers: { 'content-type': 'application/json', 'www-authenticate': 'Bearer realm="x"' },
      body: '',
    });
  });

  it('shows what an error says, and of accounts no value', () => {
    expect(bodyOf('{"schemas":["urn:x"],"detail":"no access for adele@contoso.com","status":"403"}')).toBe(
      '{"schemas":["urn:x"],"detail":"no access for ***","status":"403"}',
    );
    expect(bodyOf('{"Resources":[{"userName":"Adele","age":42,"active":true,"name":{"givenName":"A"}}]}')).toBe(
      '{"Resources":[{"userName":"***","age":"***","active":true,"name":{"givenName":"***"}}]}',
    );
    expect(bodyOf('<html>login of adele@contoso.com</html>')).toBe('<html>login of ***</html>');
    expect(bodyOf('{"userName":"Ade')).toBe('(JSON that breaks off)');
    expect(bodyOf('x'.repeat(5_000))).toHaveLength(1_000);
  });

  it('never shows a value of an account, whatever its attributes are called', () => {
    const secret = fc.stringMatching(/^S3cr3t[A-Z]{3,9}$/);
    const name = fc.stringMatching(/^x[a-z]{0,8}$/);
    fc.assert(
      fc.property(fc.dictionary(name, fc.oneof(secret, fc.array(secret), fc.dictionary(name, secret))), (account) => {
        expect(bodyOf(JSON.stringify({ Resources: [account] }))).not.toContain('S3cr3t');
      }),
    );
  });

  it('keeps no value of a filter', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9 @.]{4,20}$/), (value) => {
        const filter = encodeURIComponent(`externalId eq "Q${value}"`);
        expect(redactedUrl(`https://a.example/Users?filter=${filter}`)).toBe(
          'https://a.example/Users?filter=externalId eq "***"',
        );
      }),
    );
  });
});
