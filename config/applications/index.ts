// The applications that this deployment offers: one table, from which job templates, gallery and documentation follow.
import type { Application } from './application.ts';
import { dialpad } from './dialpad.ts';
import { grouptalk } from './grouptalk.ts';
import { gtmhub } from './gtmhub.ts';
import { jobTemplate } from './job-template.ts';
import type { JobTemplate } from './job-template.ts';
import { jostle } from './jostle.ts';
import { scim } from './scim.ts';
import { tracktik } from './tracktik.ts';

/** Graph's application template for an application of one's own. */
export const NON_GALLERY = scim.applicationTemplateId;

/** `scim` comes first: what a client takes that looks at nothing but the first. */
export const applications: readonly Application[] = [scim, grouptalk, jostle, gtmhub, dialpad, tracktik];

export const findApplication = (id: string): Application | null => applications.find((one) => one.id === id) ?? null;

export const jobTemplates: readonly JobTemplate[] = applications.map(jobTemplate);

/** Null for an id that no template has. */
export const findTemplate = (id: string): JobTemplate | null => jobTemplates.find((one) => one.id === id) ?? null;
