import { describe, expect, it } from 'vitest';
import { meaningOf, refusalOf, refused } from '../../src/directory/errors.ts';
import type { Meaning } from '../../src/directory/errors.ts';
import { retryAfterOf } from '../../src/directory/retry.ts';
import { tokenFailure } from '../../src/directory/token-errors.ts';
import { graphError } from '../support/scripted-graph.ts';

const meanings: readonly (readonly [number, string, string | undefined, Meaning])[] = [
  [400, 'syncStateNotFound', undefined, 'link-expired'],
  [400, 'Request_BadRequest', 'SYNCSTATENOTFOUND', 'link-expired'],
  [404, 'resyncRequired', undefined, 'link-expired'],
  [409, 'SyncStateInvalid', undefined, 'link-expired'],
  [400, 'Directory_ExpiredPageToken', undefined, 'link-expired'],
  [410, 'anything', undefined, 'link-expired'],
  [400, 'Request_BadRequest', undefined, 'refused'],
  [401, 'InvalidAuthenticationToken', undefined, 'unauthenticated'],
  [403, 'Authorization_RequestDenied', undefined, 'forbidden'],
  [404, 'Request_ResourceNotFound', undefined, 'not-found'],
  [404, 'request_resourcenotfound', undefined, 'not-found'],
  [404, 'UnknownError', undefined, 'refused'],
  [408, 'timeout', undefined, 'transient'],
  [429, 'TooManyRequests', undefined, 'transient'],
  [500, 'syncStateNotFound', undefined, 'transient'],
  [501, 'NotImplemented', undefined, 'refused'],
  [502, 'BadGateway', undefined, 'transient'],
  [503, 'serviceNotAvailable', undefined, 'transient'],
  [504, 'UnknownError', undefined, 'transient'],
];

describe('an answer of Microsoft Graph that is no success', () => {
  it.each(meanings)('%i %s (inner %s) means %s', (status, code, inner, meaning) => {
    expect(meaningOf(refusalOf(status, graphError(code, '', inner)))).toBe(meaning);
    expect(meaningOf(refusalOf(status, JSON.stringify(graphError(code, '', inner))))).toBe(meaning);
  });

  it('invariant 1: a 404 that the directory did not write is not evidence that an object is gone', () => {
    expect(meaningOf(refusalOf(404, '<html>not here</html>'))).toBe('refused');
    expect(meaningOf(refusalOf(404, null))).toBe('refused');
    expect(meaningOf(refusalOf(404, {}))).toBe('refused');
  });

  it('understands innererror in either spelling', () => {
    expect(
      refusalOf(400, { error: { code: 'a', innererror: { code: 'b', innerError: { code: 'c' } } } }).codes,
    ).toEqual(['a', 'b', 'c']);
  });

  it.each([
    [401, 'DirectoryInvalidCredentials'],
    [403, 'DirectoryInvalidCredentials'],
    [400, 'DirectoryReadIncomplete'],
  ])('%i becomes %s, naming path, status, code and request-id', (status, code) => {
    const error = refused('GET /v1.0/users/delta', refusalOf(status, graphError('Some_Code', 'because'), 'id-1'));
    expect(error.code).toBe(code);
    for (const part of ['GET /v1.0/users/delta', String(status), 'Some_Code', 'because', 'id-1'])
      expect(error.message).toContain(part);
  });
});

describe('a token that cannot be had', () => {
  it.each([
    [
      'invalid_client: AADSTS7000215: Invalid client secret provided.',
      'DirectoryInvalidCredentials',
      'AZURE_CLIENT_SECRET',
      false,
    ],
    [
      'AADSTS7000222: The provided client secret keys are expired.',
      'DirectoryInvalidCredentials',
      'AZURE_CLIENT_SECRET',
      false,
    ],
    [
      "AADSTS700016: Application with identifier 'x' was not found",
      'DirectoryInvalidCredentials',
      'AZURE_CLIENT_ID',
      false,
    ],
    ["AADSTS90002: Tenant 'x' not found.", 'DirectoryInvalidCredentials', 'AZURE_TENANT_ID', false],
    [
      'AADSTS700027: Client assertion failed signature validation.',
      'DirectoryInvalidCredentials',
      'AZURE_CLIENT_CERTIFICATE_PATH',
      false,
    ],
    [
      'AADSTS70021: No matching federated identity record found',
      'DirectoryInvalidCredentials',
      'AZURE_FEDERATED_TOKEN_FILE',
      false,
    ],
    ['AADSTS99999: something new', 'DirectoryInvalidCredentials', 'AADSTS99999', false],
    ["ENOENT: no such file or directory, open '/x.pem'", 'DirectoryInvalidCredentials', '/x.pem', false],
    ['AADSTS90033: A transient error has occurred.', 'DirectoryUnreachable', 'AADSTS90033', true],
    [
      'endpoints_resolution_error: See https://aka.ms/msal.js.errors',
      'DirectoryUnreachable',
      'AZURE_AUTHORITY_HOST',
      true,
    ],
    ['network_error: See https://aka.ms/msal.js.errors', 'DirectoryUnreachable', 'AZURE_AUTHORITY_HOST', true],
  ])('"%s" becomes %s and names %s', (message, code, named, transient) => {
    const failure = tokenFailure(new Error(`${message}\nTrace ID: 1\nCorrelation ID: 2`));
    expect(failure.transient).toBe(transient);
    expect(failure.error.code).toBe(code);
    expect(failure.error.message).toContain(named);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    ['7', 7_000],
    ['0', 0],
    ['Thu, 01 Jan 2026 00:00:09 GMT', 9_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', null],
    ['', null],
    [null, null],
    [undefined, null],
  ])('"%s" asks to wait %s ms', (header, wait) => {
    expect(retryAfterOf(header, now)).toBe(wait);
  });
});
