// Clock and chance, as the rules take them.
import type { Deps } from './ports.ts';

export interface Services {
  readonly now: Date;
  random(): number;
  guid(): string;
}
export type Chance = Pick<Deps, 'clock' | 'random' | 'newId'>;
export const services = (deps: Chance): Services => ({ now: deps.clock.now(), random: deps.random, guid: deps.newId });
