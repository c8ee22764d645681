// The services that can be simulated, by name.
import { genericService } from '../scim/service-rules.ts';
import type { ServiceRules } from '../scim/service-rules.ts';
import { dialpad } from './dialpad.ts';
import { grouptalk } from './grouptalk.ts';
import { gtmhub } from './gtmhub.ts';
import { jostle } from './jostle.ts';
import { tracktik } from './tracktik.ts';

export const services: readonly ServiceRules[] = [genericService, grouptalk, jostle, gtmhub, dialpad, tracktik];

export const findService = (name: string): ServiceRules | null => services.find((one) => one.name === name) ?? null;
