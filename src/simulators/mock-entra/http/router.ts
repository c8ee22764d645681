// From a Graph path to its handler. Keys in parentheses, `delta()`, bound function names and trailing slashes are accepted.
import { applicationRoutes } from '../routes/applications.ts';
import { assignmentRoutes } from '../routes/assignments.ts';
import { groupRoutes } from '../routes/groups.ts';
import type { Route } from '../routes/objects.ts';
import { templateRoutes } from '../routes/templates.ts';
import { tenantRoutes } from '../routes/tenant.ts';
import { userRoutes } from '../routes/users.ts';
import type { Answer, Call, World } from './call.ts';
import { badRequest, GraphError } from './errors.ts';

interface Compiled extends Route {
  readonly parts: readonly string[];
}

const routes: readonly Compiled[] = [
  ...userRoutes,
  ...groupRoutes,
  ...applicationRoutes,
  ...assignmentRoutes,
  ...templateRoutes,
  ...tenantRoutes,
].map((one) => ({ ...one, parts: one.path.toLowerCase().split('/') }));

/** Decoded segments of a path: `users('id')` is two, `delta()` and `microsoft.graph.delta()` are `delta`. */
export function segmentsOf(path: string): readonly string[] {
  return path.split('/').flatMap((raw) => {
    const segment = decode(raw);
    if (segment === '') return [];
    const [, name = segment, inner = ''] = /^([\w.$]+)\((.*)\)$/.exec(segment) ?? [];
    const plain = name === 'microsoft.graph.delta' ? 'delta' : name;
    return inner === '' ? [plain] : [plain, inner.replace(/^(\w+=)?'(.*)'$/, '$1$2').replaceAll("''", "'")];
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badRequest(`The path segment '${text}' is not valid percent-encoding.`);
  }
}

/** Calls the handler of a path; throws GraphError for an unknown path or method. */
export function dispatch(world: World, call: Call): Answer | Promise<Answer> {
  const onPath = routes.filter(({ parts }) => fits(parts, call.segments));
  const exact = onPath.filter(({ method }) => method === call.method).sort(byLiterals)[0];
  if (exact !== undefined)
    return exact.handle(
      world,
      call,
      call.segments.filter((_, i) => exact.parts[i] === ':'),
    );
  if (onPath.length > 0)
    throw new GraphError(405, 'Request_BadRequest', 'Specified HTTP method is not allowed for the request target.');
  throw new GraphError(400, 'BadRequest', `Resource not found for the segment '${call.segments.at(-1) ?? ''}'.`);
}

const fits = (parts: readonly string[], segments: readonly string[]): boolean =>
  parts.length === segments.length && parts.every((part, i) => part === ':' || part === segments[i]?.toLowerCase());

/** `users/delta` before `users/:`. */
const keys = ({ parts }: Compiled): number => parts.filter((part) => part === ':').length;
const byLiterals = (a: Compiled, b: Compiled): number => keys(a) - keys(b);
