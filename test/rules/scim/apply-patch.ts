// A second reading of RFC 7644 §3.5.2, for tests only: applies operations to a plain object, strictly.
type Plain = Record<string, unknown>;
interface Operation {
  readonly op: string;
  readonly path?: string;
  readonly value?: unknown;
}

export function applyPatch(resource: Plain, operations: readonly Operation[]): Plain {
  const copy = structuredClone(resource);
  for (const operation of operations) applyOne(copy, operation);
  return copy;
}

function applyOne(root: Plain, { op, path = '', value }: Operation): void {
  const [, urn, rest = ''] = /^(?:(urn:.*):)?([^:]*(?:\[.*\].*)?)$/.exec(path) ?? [];
  const [, attribute, condition, sub] = /^([\w$]+)(?:\[(.*)\])?(?:\.([\w$]+))?$/.exec(rest) ?? [];
  if (attribute === undefined) throw new Error(`invalidPath: ${path}`);
  const holder = urn === undefined ? root : child(root, urn);
  if (condition !== undefined) atElements(holder, attribute, condition, { op, sub, value });
  else if (sub === undefined) write(holder, attribute, op, value);
  else write(child(holder, attribute), sub, op, value);
}

interface ElementChange {
  readonly op: string;
  readonly sub: string | undefined;
  readonly value: unknown;
}
function atElements(holder: Plain, attribute: string, condition: string, { op, sub, value }: ElementChange): void {
  const [, key = '', literal = ''] = /^(\w+) eq (.+)$/.exec(condition) ?? [];
  const elements = (holder[attribute] ?? []) as Plain[];
  const hits = elements.filter((element) => element[key] === JSON.parse(literal));
  if (hits.length === 0) throw new Error(`noTarget: ${attribute}[${condition}]`);
  if (sub === undefined) holder[attribute] = elements.filter((element) => !hits.includes(element));
  else for (const hit of hits) write(hit, sub, op, value);
}

const child = (holder: Plain, name: string): Plain => (holder[name] ??= {}) as Plain;

function write(holder: Plain, name: string, op: string, value: unknown): void {
  const old = holder[name];
  if (op === 'remove') Reflect.deleteProperty(holder, name);
  else if (op === 'replace' && old === undefined) throw new Error(`noTarget: ${name}`);
  else if (op === 'add' && Array.isArray(value))
    holder[name] = [...((old ?? []) as unknown[]), ...(value as unknown[])];
  else holder[name] = value;
}
