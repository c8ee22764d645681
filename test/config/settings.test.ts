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
  ])('refuse %s=%s in one sentence', (name, value, sentence) => {
    expect(() => readSettings({ [name]: value })).toThrow(sentence);
  });

  it('invariant 11: do not repeat a secret that is wrong', () => {
    const env = { DATABASE_URL: 'mysql://me:hush-hush@host/db', PROVISOR_SECRET_KEY: 'hush-hush' };
    expect(() => readSettings(env)).toThrow(/DATABASE_URL: its value .*\nPROVISOR_SECRET_KEY: its value/);
    expect(() => readSettings(env)).not.toThrow(/hush-hush/);
  });

  it('read durations in seconds', () => {
    expect(durationSeconds('PT40M')).toBe(2400);
    expect(durationSeconds('P1DT1H1S')).toBe(90_001);
  });
});
