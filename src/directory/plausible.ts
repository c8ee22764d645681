// How much may be gone at once before the directory is asked a second time. Whoever asks it in a bad moment may be told that
// half of the tenant does not exist, and every single answer looks like evidence.

/** So few may always be gone, and so may a share of what there was. */
const ALWAYS = 50;
const SHARE = 0.2;

export const isImplausible = (gone: number, of: number): boolean => gone > ALWAYS && gone > of * SHARE;
