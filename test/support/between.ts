// A server between the engine and an application: it passes requests on, and answers itself what a test tells it to.
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request as send } from 'undici';

export interface Passing {
  readonly method: string;
  /** Path and query, decoded. */
  readonly url: string;
  readonly authorization: string;
}
export interface OwnAnswer {
  readonly status: number;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface Between {
  readonly url: string;
  readonly seen: Passing[];
  /** `null` = the request is passed on. */
  answers(answer: (request: Passing) => OwnAnswer | null): void;
  close(): Promise<void>;
}

/** `target` is the base URL of the application; `authorization` replaces what the engine sends, where it is given. */
export async function between(target: string, authorization?: string): Promise<Between> {
  const seen: Passing[] = [];
  let answer: (request: Passing) => OwnAnswer | null = () => null;
  const http = createServer((incoming, outgoing) => {
    void (async () => {
      const body = await bodyOf(incoming);
      const { method = '', url = '', headers } = incoming;
      const passing = { method, url: decodeURIComponent(url), authorization: headers.authorization ?? '' };
      seen.push(passing);
      const own = answer(passing);
      if (own !== null) {
        outgoing.writeHead(own.status, { 'content-type': 'application/scim+json', ...own.headers });
        outgoing.end(typeof own.body === 'string' ? own.body : JSON.stringify(own.body ?? {}));
        return;
      }
      const kept = Object.fromEntries(
        Object.entries(headers).filter(([name]) => !['host', 'connection', 'transfer-encoding'].includes(name)),
      );
      const reply = await send(`${target}${url}`, {
        method: method as 'GET',
        headers: { ...kept, ...(authorization === undefined ? {} : { authorization }) },
        ...(body === '' ? {} : { body }),
      });
      outgoing.writeHead(reply.statusCode, { 'content-type': reply.headers['content-type'] ?? 'text/plain' });
      outgoing.end(await reply.body.text());
    })();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((http.address() as AddressInfo).port)}`,
    seen,
    answers: (given) => void (answer = given),
    close: async () => {
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await closed;
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
