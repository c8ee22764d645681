// Another key for the secrets at rest: of the data directory, or as the environment gives it.
import type { Settings } from '../../config/settings.ts';
import type { Store } from '../store/open-store.ts';
import { keyIdOf } from '../store/secrets/seal.ts';
import type { Ground } from './engine.ts';
import { forgetPreviousKeys, renewKey } from './kept-keys.ts';

export interface Rotated {
  readonly keyId: string;
  readonly resealed: number;
}

/** May be repeated whenever it was interrupted. Throws with one sentence when the environment names no earlier key. */
export async function rotateKey(settings: Settings, ground: Ground, { secrets }: Store): Promise<Rotated> {
  const given = settings.PROVISOR_SECRET_KEY !== undefined;
  if (given && settings.PROVISOR_SECRET_KEY_PREVIOUS === undefined)
    throw new Error(
      'Nothing was changed: PROVISOR_SECRET_KEY is set from outside. Make a new key with "openssl rand -base64 32", set PROVISOR_SECRET_KEY to it and PROVISOR_SECRET_KEY_PREVIOUS to the present one for every process, and run this again.',
    );
  const resealed = await secrets.reseal(given ? nothing : () => renewKey(ground.dataDir));
  if (!given) await forgetPreviousKeys(ground.dataDir);
  return { keyId: keyIdOf(ground.secretKeys.current()), resealed };
}

const nothing = (): Promise<void> => Promise.resolve();
