// The three functions of the Reflect metadata API that @peculiar/x509's dependency container insists on at load time.
// An implementation that is already there is left alone.
type Metadata = Map<unknown, unknown>;
const store = new WeakMap<object, Metadata>();

const own = (key: unknown, target: object): unknown => store.get(target)?.get(key);

function inherited(key: unknown, target: object): unknown {
  for (let at: object | null = target; at !== null; at = Reflect.getPrototypeOf(at)) {
    const value = own(key, at);
    if (value !== undefined) return value;
  }
  return undefined;
}

function define(key: unknown, value: unknown, target: object): void {
  const metadata = store.get(target) ?? new Map<unknown, unknown>();
  store.set(target, metadata.set(key, value));
}

if (!('getMetadata' in Reflect)) {
  Object.assign(Reflect, { getOwnMetadata: own, getMetadata: inherited, defineMetadata: define });
}
