import { afterEach, describe, expect, it } from 'vitest';
import type { GraphDirectory } from '../../src/directory/graph-directory.ts';
import type { Pace } from '../../src/directory/retry.ts';
import { SystemError } from '../../src/rules/model/errors.ts';
import { memoryMirror } from '../support/memory-mirror.ts';
import { openReader, recordedLog } from '../support/reader.ts';
import { graphError, scriptedGraph } from '../support/scripted-graph.ts';
import type { Reply, Script, ScriptedGraph } from '../support/scripted-graph.ts';

const application: Reply = { json: { id: 'sp', appId: 'app', displayName: 'Demo', appRoles: [] } };
const failed = (status: number, code = 'serviceNotAvailable', headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  json: graphError(code),
});

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function world(script: Script, pace: Partial<Pace> = {}) {
  const graph = await scriptedGraph(script);
  const log = recordedLog();
  const reader = openReader({ ...graph, mirror: memoryMirror().writer, log, pace });
  closers.push(
    () => reader.close(),
    () => graph.close(),
  );
  return { graph, log, reader };
}

/** The first `replies`, then the application for ever. */
const sequence =
  (...replies: Reply[]): Script['graph'] =>
  (_, count) =>
    replies[count - 1] ?? application;

async function lossOf(reader: GraphDirectory): Promise<SystemError> {
  const outcome = await reader.servicePrincipal('sp').catch((error: unknown) => error);
  if (outcome instanceof SystemError) return outcome;
  throw new Error(`expected a SystemError, not ${String(outcome)}`);
}

const expectAnswered = async (graph: ScriptedGraph, reader: GraphDirectory, requests: number): Promise<void> => {
  expect(await reader.servicePrincipal('sp')).toMatchObject({ id: 'sp', appId: 'app' });
  expect(graph.asked).toHaveLength(requests);
};

describe('a question to Microsoft Graph', () => {
  it('carries a token and the user agent, and asks for what is needed', async () => {
    const { graph, reader } = await world({ graph: () => application });
    await expectAnswered(graph, reader, 1);
    expect(graph.asked).toEqual([
      'GET /v1.0/servicePrincipals/sp?$select=id,appId,displayName,appRoles,applicationTemplateId',
    ]);
    expect([...graph.authorizations]).toEqual(['Bearer header.payload.signature']);
    expect([...graph.agents]).toEqual(['Provisor/test']);
  });

  it('is repeated when Graph throttles it with Retry-After, as seconds and as a date', async () => {
    const soon = new Date(Date.now() + 400).toUTCString();
    const { graph, reader, log } = await world({
      graph: sequence(
        failed(429, 'TooManyRequests', { 'retry-after': '0' }),
        failed(503, 'x', { 'retry-after': soon }),
      ),
    });
    await expectAnswered(graph, reader, 3);
    expect(log.lines.filter((line) => line.includes('waiting as asked'))).toHaveLength(2);
  });

  it.each<[string, Reply]>([
    ['429 without Retry-After', failed(429)],
    ['500', failed(500)],
    ['502 in HTML', { status: 502, text: '<html>bad gateway</html>' }],
    ['503 without Retry-After', failed(503)],
    ['504', failed(504)],
    ['a reset connection', { broken: 'reset' }],
    ['a body that is cut off', { broken: 'cut' }],
    ['truncated JSON', { text: '{"id": "sp", "appI', headers: { 'content-type': 'application/json' } }],
    ['HTML with status 200', { text: '<html>sign in</html>' }],
    ['an empty body with status 200', { text: '' }],
    ['JSON that is no object', { json: ['sp'] }],
    ['a token that has expired meanwhile', failed(401, 'InvalidAuthenticationToken')],
  ])('is repeated after %s', async (_, reply) => {
    const { graph, reader, log } = await world({ graph: sequence(reply) });
    await expectAnswered(graph, reader, 2);
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toContain('GET /v1.0/servicePrincipals/sp failed, trying again');
  });

  it('is repeated when no answer comes in time', async () => {
    const { graph, reader } = await world({ graph: sequence({ broken: 'silent' }) }, { requestTimeout: 150 });
    await expectAnswered(graph, reader, 2);
  });

  it.each<[string, Reply, string, readonly string[]]>([
    ['throttling', failed(429, 'TooManyRequests'), 'DirectoryReadIncomplete', ['429', 'TooManyRequests', 'request-7']],
    ['failing', failed(500, 'UnknownError'), 'DirectoryReadIncomplete', ['500', 'UnknownError', 'request-7']],
    ['sending HTML', { text: '<html>' }, 'DirectoryReadIncomplete', ['not the JSON object']],
    ['cutting bodies off', { broken: 'cut' }, 'DirectoryReadIncomplete', ['broke off']],
    ['resetting connections', { broken: 'reset' }, 'DirectoryUnreachable', ['GRAPH_BASE_URL']],
    [
      'refusing the token',
      failed(401, 'InvalidAuthenticationToken'),
      'DirectoryInvalidCredentials',
      ['401', 'InvalidAuthenticationToken'],
    ],
    [
      'refusing permission',
      failed(403, 'Authorization_RequestDenied'),
      'DirectoryInvalidCredentials',
      ['403', 'permission'],
    ],
    [
      'refusing the question',
      failed(400, 'Request_BadRequest'),
      'DirectoryReadIncomplete',
      ['400', 'Request_BadRequest'],
    ],
    ['answering 404 without being the directory', { status: 404, text: '<html>' }, 'DirectoryReadIncomplete', ['404']],
  ])('ends as a SystemError when Graph keeps %s', async (_, reply, code, named) => {
    const { graph, reader } = await world({ graph: () => reply }, { patience: 200 });
    const error = await lossOf(reader);
    expect(error.code).toBe(code);
    for (const part of ['/v1.0/servicePrincipals/sp', ...named]) expect(error.message).toContain(part);
    expect(graph.asked.length).toBeGreaterThan(0);
  });

  it('does not wait for a Retry-After that is longer than its patience', async () => {
    const { graph, reader } = await world({ graph: () => failed(429, 'TooManyRequests', { 'retry-after': '3600' }) });
    expect((await lossOf(reader)).code).toBe('DirectoryReadIncomplete');
    expect(graph.asked).toHaveLength(1);
  });

  it('invariant 11: no message and no log line carries a token or the secret', async () => {
    const { reader, log } = await world({ graph: () => failed(500) }, { patience: 200 });
    const error = await lossOf(reader);
    for (const text of [error.message, String(error.stack), ...log.lines]) {
      expect(text).not.toContain('header.payload.signature');
      expect(text).not.toContain('client_secret');
    }
  });

  it('answers null when the directory says that there is no such object', async () => {
    const { reader } = await world({ graph: () => failed(404, 'Request_ResourceNotFound') });
    expect(await reader.servicePrincipal('sp')).toBeNull();
    expect(await reader.servicePrincipalByAppId("o'app")).toBeNull();
  });

  it('finds a service principal by the id of its application', async () => {
    const { reader, graph } = await world({ graph: () => application });
    expect(await reader.servicePrincipalByAppId("o'app")).toMatchObject({ id: 'sp' });
    expect(graph.asked[0]).toContain("/v1.0/servicePrincipals(appId='o''app')?");
  });

  it('fails at once and says so when the reader is closed', async () => {
    const { reader } = await world(
      { graph: () => ({ broken: 'silent' }) },
      { requestTimeout: 60_000, patience: 600_000 },
    );
    const loss = lossOf(reader);
    await reader.close();
    expect((await loss).message).toContain('closed');
  });
});

describe('the token', () => {
  const refusal = (error_description: string): Reply => ({
    status: 401,
    json: {
      error: 'invalid_client',
      error_description,
      error_codes: [1],
      timestamp: '',
      trace_id: 't',
      correlation_id: 'c',
    },
  });

  it('is asked for once and used for every request', async () => {
    let tokens = 0;
    const { reader } = await world({
      graph: () => application,
      token: (count) => {
        tokens = count;
        return { json: { token_type: 'Bearer', expires_in: 3599, access_token: 'a.b.c' } };
      },
    });
    for (let i = 0; i < 3; i++) await reader.servicePrincipal('sp');
    expect(tokens).toBe(1);
  });

  it.each([
    ['AADSTS7000215: Invalid client secret provided.', 'AZURE_CLIENT_SECRET'],
    ["AADSTS700016: Application with identifier 'provisor' was not found in the directory.", 'AZURE_CLIENT_ID'],
    ["AADSTS90002: Tenant 'tenant.example' not found.", 'AZURE_TENANT_ID'],
  ])('refused with "%s" names %s, and Graph is not asked', async (description, setting) => {
    const { graph, reader } = await world({ graph: () => application, token: () => refusal(description) });
    const error = await lossOf(reader);
    expect(error.code).toBe('DirectoryInvalidCredentials');
    expect(error.message).toContain(setting);
    expect(error.message).toContain(description.slice(0, 13));
    expect(graph.asked).toEqual([]);
  });

  it('that cannot be asked for because nobody answers is a directory that cannot be reached', async () => {
    const graph = await scriptedGraph({ graph: () => application });
    await graph.close();
    const reader = openReader({ ...graph, mirror: memoryMirror().writer });
    closers.push(() => reader.close());
    const error = await lossOf(reader);
    expect(error.code).toBe('DirectoryUnreachable');
    expect(error.message).toContain('AZURE_AUTHORITY_HOST');
  });
});
