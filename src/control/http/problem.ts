// Everything that can go wrong in a request, as one kind of answer: status, code, one sentence, the field, the details.
import { z } from 'zod';
import { ConfigError, SystemError, systemErrors } from '../../rules/model/errors.ts';
import { RESOURCE_NOT_FOUND } from '../../cycle/use-cases/not-found.ts';

export interface ProblemDetail {
  readonly code: string;
  readonly target: string;
  readonly message: string;
  /** Of a finding in a schema: `error` or `warning`, and where it is in words. `position` counts from 1. */
  readonly severity?: 'error' | 'warning';
  readonly rule?: string | null;
  readonly objectMapping?: string | null;
  readonly attributeMapping?: string | null;
  readonly position?: number | null;
  readonly remedy?: string;
}
export interface ProblemFacts {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly target?: string | undefined;
  readonly details?: readonly ProblemDetail[];
  /** Goes into the header Retry-After. */
  readonly retryAfterSeconds?: number;
}

/** A refusal that a route decides on by itself. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly facts: ProblemFacts;
  constructor(facts: ProblemFacts) {
    super(facts.message);
    this.facts = facts;
  }
}

const MEBIBYTE = 1024 * 1024;
const DEFAULT_BODY_LIMIT = MEBIBYTE;

/** What to answer; an error of no known kind is a bug and says nothing of its insides. */
export function problemFor(error: unknown, bodyLimit = DEFAULT_BODY_LIMIT): ProblemFacts {
  if (error instanceof Problem) return error.facts;
  if (error instanceof ConfigError) return ofConfigError(error);
  if (error instanceof SystemError) return ofSystemError(error);
  if (error instanceof z.ZodError) return ofZodError(error);
  return ofFastifyError(error, bodyLimit) ?? unexpected;
}

/** Right as a request, and wrong at this moment: what is in the way is named. */
const conflicts: ReadonlySet<string> = new Set(['CycleRunning', 'DuplicateSourceEntries']);

const ofConfigError = ({ code, message, target }: ConfigError): ProblemFacts => ({
  status: code === RESOURCE_NOT_FOUND ? 404 : conflicts.has(code) ? 409 : 400,
  code,
  message,
  target,
});

/** A target is what the caller configured (400, for good); the directory may come back (503, try again). */
const ofSystemError = ({ code, message }: SystemError): ProblemFacts => ({
  status: code.startsWith('Directory') ? 503 : 400,
  code,
  message: `${message} ${systemErrors[code]}`,
});

function ofZodError({ issues }: z.ZodError): ProblemFacts {
  const details = issues.map((issue) => ({
    code: 'InvalidValue',
    target: issue.path.map(String).join('/'),
    message: complaintOf(issue),
  }));
  const [first] = details;
  const isWhole = first === undefined || first.target === '';
  const where = isWhole ? 'The body' : `Property '${first.target}'`;
  return {
    status: 400,
    code: 'Request_BadRequest',
    message: `${where} is not as expected: ${first?.message ?? 'it cannot be read'}.`,
    ...(isWhole ? {} : { target: first.target }),
    details,
  };
}

function complaintOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union') return 'it has none of the types that it may have';
  const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  return isMissing ? `it is missing, and must be of type ${issue.expected}` : issue.message;
}

const sentences: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'The body has a content type that is not read here. Send it as application/json.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as Content-Length says. Send it again.',
};
const codes: Readonly<Record<number, string>> = {
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
};

const fastifyError = z.object({ statusCode: z.number().min(400).max(499), code: z.string(), message: z.string() });
function ofFastifyError(error: unknown, bodyLimit: number): ProblemFacts | null {
  const { data } = fastifyError.safeParse(error);
  if (data === undefined) return null;
  const tooLarge = `The body is larger than the ${String(bodyLimit / MEBIBYTE)} MiB that this request may have. Send less at once.`;
  const message =
    data.statusCode === 413 ? tooLarge : (sentences[data.code] ?? `The request cannot be read: ${data.message}.`);
  return { status: data.statusCode, code: codes[data.statusCode] ?? 'Request_BadRequest', message };
}

const unexpected: ProblemFacts = {
  status: 500,
  code: 'InternalServerError',
  message: 'An unexpected error occurred here. It is in the log of the server under the request-id of this answer.',
};
