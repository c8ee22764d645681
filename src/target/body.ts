// Reads the body of an answer: never endless, compressed as a server likes, and as text in the character set it names.
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Dispatcher } from 'undici';

import { WireFailure } from './failure.ts';

const LARGEST_BODY = 10 * 1024 * 1024;
/** Enough of a refusal to see why; the rest is not read. */
const LARGEST_REFUSAL = 64 * 1024;

type Reply = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers' | 'body'>;

/** Throws WireFailure `unusable`. A refusal keeps its status whatever its body: what cannot be read is left out. */
export async function readBody(reply: Reply): Promise<string> {
  if (reply.statusCode < 400) return readText(reply, LARGEST_BODY, true);
  return readText(reply, LARGEST_REFUSAL, false).catch((error: unknown) => {
    if (error instanceof WireFailure) return '';
    throw error;
  });
}

async function readText({ headers, body }: Reply, largest: number, strict: boolean): Promise<string> {
  const bytes = await readBytes(decompressed(headerOf(headers, 'content-encoding'), body), largest, strict);
  const charset = /charset\s*=\s*"?([\w.:-]+)/i.exec(headerOf(headers, 'content-type'))?.[1] ?? 'utf-8';
  return decoded(bytes, charset, strict);
}

async function readBytes(stream: Readable, largest: number, strict: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largest && strict) throw new WireFailure('unusable', `more than ${String(largest / 1024 / 1024)} MB`);
    chunks.push(chunk);
    if (size > largest) break;
  }
  return Buffer.concat(chunks).subarray(0, largest);
}

function decompressed(coding: string, body: Readable): Readable {
  const decoder = decoderOf(coding);
  // A failure of either end is thrown to whoever reads the decoder.
  return decoder === null ? body : pipeline(body, decoder, () => undefined);
}

function decoderOf(coding: string) {
  switch (coding.trim().toLowerCase()) {
    case '':
    case 'identity':
      return null;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new WireFailure('unusable', `a body compressed as "${coding}", which was not asked for`);
  }
}

function decoded(bytes: Buffer, charset: string, strict: boolean): string {
  try {
    return new TextDecoder(charset, { fatal: strict }).decode(bytes);
  } catch (error) {
    throw new WireFailure('unusable', `bytes that are no text in ${charset}`, { cause: error });
  }
}

function headerOf(headers: Reply['headers'], name: string): string {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}
