// The names of queues and jobs. A job's id says what it is for, so that asking twice makes one job.
import type { CyclePhase } from '../rules/model/job.ts';

export const queueNames = ['cycles', 'pages', 'schedule'] as const;
export type QueueName = (typeof queueNames)[number];

/** What jobs carry: ids only. */
export interface StepData {
  readonly cycleId: string;
  readonly phase: CyclePhase;
}
export interface PageData {
  readonly pageId: string;
}
export interface DueData {
  readonly jobId: string;
}

/** BullMQ builds its keys with colons, so an id must not contain one. */
const safe = (id: string): string => id.replaceAll('%', '%25').replaceAll(':', '%3A');

/** A step that was asked for as such. */
export const stepId = ({ cycleId, phase }: StepData): string => `step.${safe(cycleId)}.${phase}`;
/** The step that follows the pages of a phase; it is another job, so that neither request can swallow the other. */
export const afterPagesId = ({ cycleId, phase }: StepData): string => `after-pages.${safe(cycleId)}.${phase}`;
export const pageJobId = (pageId: string): string => `page.${safe(pageId)}`;
export const scheduleId = (jobId: string): string => `due.${safe(jobId)}`;
