// The job templates that this deployment offers.
import { scimTemplate } from './scim.ts';
import type { JobTemplate } from './template.ts';

export const jobTemplates: readonly JobTemplate[] = [scimTemplate];

/** Null for an id that no template has. */
export const findTemplate = (id: string): JobTemplate | null => jobTemplates.find((t) => t.id === id) ?? null;
