import { describe, expect, it } from 'vitest';
import { durationSeconds, readSettings, usesMock } from '../../config/settings.ts';

describe('settings', () => {
  it('have defaults for everything, and the mock stands in for the directory', () => {
    const settings = readSettings({});
    expect(settings).toMatchObject({ PORT: 8080, TLS_PORT: 8444, HOST: '127.0.0.1', PROVISOR_CYCLE_INTERVAL: 2400 });
    expect(settings.given.size).toBe(0);
    expect(usesMock(settings)).toBe(true);
    expect(usesMock(readSettings({ AZURE_TENANT_ID: 'contoso' }))).toBe(false);
  });

  it('take an empty variable for an unset one, and know what was given', () => {
    const settings = readSettings({ PORT: '', DATABASE_URL: '', TLS_PORT: '9443' });
    expect(settings.PORT).toBe(8080);
    expect(settings.DATABASE_URL).toBeUndefined();
    expect([...settings.given]).toEqual(['TLS_PORT']);
  });

  it.each([
    ['PORT', '99999', /PORT: "99999" is not a port number/],
    ['PORT', 'eighty', /PORT: "eighty" is not a port number/],
    ['PROVISOR_CYCLE_INTERVAL', '40m', /PROVISOR_CYCLE_INTERVAL: "40m" is not an ISO-8601 duration like PT40M/],
    ['PROVISOR_CYCLE_INTERVAL', 'PT0S', /at least one second/],
    ['GRAPH_BASE_URL', 'http://graph.example', /GRAPH_BASE_URL: "http:\/\/graph\.example" is not a URL like https/],
    ['PROVISOR_DEMO', 'yes', /PROVISOR_DEMO: "yes" is neither "on" nor "off"/],
    ['MOCK_ENTRA_USERS', '-1', /MOCK_ENTRA_USERS: "-1" is not a whole number/],
    ['TLS_CERT', '/tmp/cert.pem', /TLS_CERT and TLS_KEY belong together/],
    ['PROVISOR_MAIL_TO', 'ops', /PROVISOR_MAIL_TO: "ops" is no list of mail addresses/],
    ['PROVISOR_MAIL_FROM', 'Provisor', /PROVISOR_MAIL_FROM: "Provisor" is not a sender like/],
    ['PROVISOR_PUBLIC_URL', 'provisor.example', /PROVISOR_PUBLIC_URL: "provisor.example" is not a URL/],
    ['PROVISOR_WEBHOOK_URLS', 'ftp://x', /PROVISOR_WEBHOOK_URLS: its value is no list of URLs/],
    ['PROVISOR_WEBHOOK_SECRET', 'whsec_short', /PROVISOR_WEBHOOK_SECRET: its value is not whsec_/],
    ['PROVISOR_WEBHOOK_URLS', 'https://x', /PROVISOR_WEBHOOK_SECRET: is missing/],
    ['SMTP_URL', 'smtp://mail.example', /PROVISOR_MAIL_FROM: is missing/],
  ])('refuse %s=%s in one sentence', (name, value, sentence) => {
    expect(() => readSettings({ [name]: value })).toThrow(sentence);
  });

  it('invariant 11: do not repeat a secret that is wrong', () => {
    const env = { DATABASE_URL: 'mysql://me:hush-hush@host/db', PROVISOR_SECRET_KEY: 'hush-hush' };
    expect(() => readSettings(env)).toThrow(/DATABASE_URL: its value .*\nPROVISOR_SECRET_KEY: its value/);
    expect(() => readSettings(env)).not.toThrow(/hush-hush/);
  });

  it('read who is told: lists of addresses, webhooks and secrets', () => {
    const settings = readSettings({
      SMTP_URL: 'smtps://me:secret@mail.example',
      PROVISOR_MAIL_FROM: 'Provisor <provisor@contoso.com>',
      PROVISOR_MAIL_TO: 'a@contoso.com, b@contoso.com',
      PROVISOR_WEBHOOK_URLS: 'https://one.example/x http://localhost:9/y',
      PROVISOR_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 1).toString('base64')} whsec_${Buffer.alloc(24, 2).toString('base64')}`,
      PROVISOR_PUBLIC_URL: 'https://provisor.example/',
    });
    expect(settings).toMatchObject({
      PROVISOR_MAIL_TO: ['a@contoso.com', 'b@contoso.com'],
      PROVISOR_WEBHOOK_URLS: ['https://one.example/x', 'http://localhost:9/y'],
      PROVISOR_WEBHOOK_SECRET: [Buffer.alloc(32, 1), Buffer.alloc(24, 2)],
      PROVISOR_PUBLIC_URL: 'https://provisor.example',
    });
  });

  it('read durations in seconds', () => {
    expect(durationSeconds('PT40M')).toBe(2400);
    expect(durationSeconds('P1DT1H1S')).toBe(90_001);
  });
});
