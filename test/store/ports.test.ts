// The store knows neither cycle nor directory, and fits what they ask for: the compiler says so here.
import { expect, it } from 'vitest';
import type {
  CycleStore,
  Events,
  HeldStore,
  JobStore,
  ListingStore,
  LogStore,
  ProvisioningStore,
  SecretStore,
} from '../../src/cycle/ports.ts';
import type { MirrorWriter } from '../../src/directory/mirror-writer.ts';
import type { Store } from '../../src/store/open-store.ts';

interface Wanted {
  readonly jobs: JobStore;
  readonly secrets: SecretStore;
  readonly cycles: CycleStore;
  readonly provisioning: ProvisioningStore;
  readonly held: HeldStore;
  readonly listings: ListingStore;
  readonly logs: LogStore;
  readonly events: Events;
  readonly mirror: MirrorWriter;
}

it('gives the cycle and the directory reader what they ask for', () => {
  const fits: Store extends Wanted ? true : false = true;
  expect(fits).toBe(true);
});
