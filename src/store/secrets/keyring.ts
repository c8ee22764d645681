// The keys that secrets are sealed with: one for what is saved now, and those of before while anything is sealed with them.
import { keyIdOf } from './seal.ts';

export interface Keyring {
  /** What is saved now is sealed with it. It may be another one at the next call. 32 bytes. */
  current(): Buffer;
  /** `null` when it is not known, or no more. */
  withId(keyId: string): Buffer | null;
}

/** Keys that do not change while the process runs. */
export function fixedKeys(current: Buffer, earlier: readonly Buffer[] = []): Keyring {
  const keys = new Map([...earlier, current].map((key) => [keyIdOf(key), key]));
  return { current: () => current, withId: (keyId) => keys.get(keyId) ?? null };
}
