// Holds what the control plane answers against what its description says: a route that drifts from it fails the test.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AnswerWatch, CatalogueEntry } from '../../src/control/http/mount.ts';

/** A drift is answered with 500; `note` hears of what it consists. */
export const describedAnswers =
  (note: (drift: string) => void): AnswerWatch =>
  (entry, request, answer) => {
    const drift = driftOf(entry, request, answer);
    if (drift === null) return;
    note(`${entry.method} ${entry.path} ${drift}`);
    throw new Error(drift);
  };

function driftOf({ operation }: CatalogueEntry, request: FastifyRequest, answer: unknown): string | null {
  const { answer: described, status } = operation;
  if (status === 204 || status === 302) return null;
  if (described === undefined) return 'does not say what it answers';
  if (described.meta()?.['contentType'] !== undefined || isPartial(request)) return null;
  const sent: unknown = JSON.parse(JSON.stringify(answer));
  const { error } = described.safeParse(sent);
  return error === undefined ? null : `answers otherwise than described:\n${z.prettifyError(error)}`;
}

const isPartial = ({ query }: FastifyRequest): boolean =>
  Object.keys(query as object).some((name) => name.replace('$', '') === 'select');
