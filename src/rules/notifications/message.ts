// A notification in words: what happened, to which job, why, and what to do. Mail and webhooks carry the same.
import { objectErrors, systemErrors } from '../model/errors.ts';
import type { CycleError, QuarantineReason } from '../model/job.ts';
import type { EscrowCause, JobEvent } from '../model/job-events.ts';
import type { JsonObject } from '../model/json.ts';
import type { Notification } from '../model/notifications.ts';
import { quarantineReasonFacts } from '../model/quarantine-reasons.ts';

export interface Message {
  /** The same for every address and attempt, so that a receiver can tell a repetition. */
  readonly id: string;
  /** For machines: the kind of the event, or `test`. */
  readonly type: string;
  readonly at: Date;
  /** One line. */
  readonly subject: string;
  readonly what: string;
  readonly why: string | null;
  readonly todo: string;
  /** Where to see more, in a browser. */
  readonly link: string | null;
  /** For machines: the event itself. */
  readonly data: JsonObject;
}

export interface About {
  /** Name of the application; `null` when it is not known, or the event is about the whole installation. */
  readonly application: string | null;
  /** Where people reach Provisor, without a slash at its end. */
  readonly publicUrl: string | null;
}

type Words = Pick<Message, 'subject' | 'what' | 'why' | 'todo'>;

export function messageOf({ id, event, createdAt }: Notification, about: About): Message {
  const job = about.application ?? event.jobId ?? 'Provisor';
  const { subject, what, why, todo } = wordsOf(event, job, createdAt);
  const path = event.jobId === null ? '/' : `/api/jobs/${encodeURIComponent(event.jobId)}`;
  return {
    id,
    type: event.kind,
    at: createdAt,
    subject: oneLine(`[Provisor] ${subject}`),
    what: event.jobId === null ? what : `${what} The job is ${event.jobId}.`,
    why,
    todo,
    link: about.publicUrl === null ? null : `${about.publicUrl}${path}`,
    data: { ...(JSON.parse(JSON.stringify(event)) as JsonObject), application: about.application },
  };
}

function wordsOf(event: JobEvent, job: string, now: Date): Words {
  switch (event.kind) {
    case 'quarantined':
      return {
        subject: `${job} is in quarantine: ${event.reason}`,
        what: `Provisioning to ${job} is in quarantine since ${utc(event.since)}: it is tried less and less often, until it works again.`,
        ...causeOf(event),
      };
    case 'quarantineReminder':
      return {
        subject: `${job} is still in quarantine: ${event.reason}`,
        what: `Provisioning to ${job} is in quarantine since ${utc(event.since)} and still does not work. After four weeks the job is disabled.`,
        ...causeOf(event),
      };
    case 'quarantineLeft':
      return {
        subject: `${job} has left quarantine`,
        what: `Provisioning to ${job} works again. It had been in quarantine since ${utc(event.since)}: ${event.reason}.`,
        why: null,
        todo: 'Nothing needs to be done.',
      };
    case 'jobDisabled':
      return {
        subject: `${job} was disabled after four weeks of quarantine`,
        what: `Provisioning to ${job} was in quarantine since ${utc(event.since)} and is disabled now: nothing is provisioned until somebody starts the job.`,
        ...causeOf(event),
      };
    case 'deletionsHeld':
      return {
        subject: `${job}: ${String(event.count)} disables and deletes wait for approval`,
        what: `${String(event.count)} disables and deletes of ${job} are held${examples(event.examples, event.count)}. Creates and updates go on.`,
        why: quarantineReasonFacts.TooManyDeletes.meaning,
        todo: quarantineReasonFacts.TooManyDeletes.remedy,
      };
    case 'escrowGrew':
      return {
        subject: `${job}: ${String(event.now)} objects fail, ${String(event.before)} before`,
        what: `${String(event.now)} objects of ${job} fail and are tried again by schedule; after the cycle before there were ${String(event.before)}. All others are provisioned.`,
        why: event.topCauses.map(causeLine).join(' ') || null,
        todo: remedyOf(event.topCauses[0]?.code) ?? 'See in the provisioning log why they fail.',
      };
    case 'credentialExpiring': {
      const when = `${event.at <= now ? 'expired' : 'expires'} on ${utc(event.at)}`;
      return {
        subject: event.jobId === null ? `${event.which} ${when}` : `${job}: ${lowerFirst(event.which)} ${when}`,
        what:
          event.jobId === null
            ? `${event.which} ${when}.`
            : `${event.which} of ${job} ${when}; nothing is provisioned without it.`,
        why: null,
        todo: 'Get a new one and save it; docs/operations.md says how, under "Rotate secrets".',
      };
    }
  }
}

function causeOf({ reason, error }: { readonly reason: QuarantineReason; readonly error: CycleError | null }) {
  const { meaning, remedy } = quarantineReasonFacts[reason];
  return {
    why: error === null ? meaning : `${error.code}: ${error.message}`,
    todo: (reason === 'EncounteredQuarantineException' ? remedyOf(error?.code) : null) ?? remedy,
  };
}

function remedyOf(code: string | undefined): string | null {
  if (code === undefined) return null;
  if (Object.hasOwn(systemErrors, code)) return systemErrors[code as keyof typeof systemErrors];
  return Object.hasOwn(objectErrors, code) ? objectErrors[code as keyof typeof objectErrors].remedy : null;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const causeLine = ({ code, count, message }: EscrowCause): string =>
  `${String(count)} × ${code}, for example: ${message}`;

const examples = (names: readonly string[], count: number): string =>
  names.length === 0 ? '' : ` (${names.join(', ')}${names.length < count ? ', …' : ''})`;

/** `2026-03-01 10:00 UTC` */
const utc = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Names come from directories: a line break would begin another header of a mail. */
// eslint-disable-next-line no-control-regex
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ');

/** What `provisor notifications test` sends. */
export const testMessage = (id: string, at: Date, { application, publicUrl }: About): Message => ({
  id,
  type: 'test',
  at,
  subject: oneLine(`[Provisor] Test message${application === null ? '' : ` for ${application}`}`),
  what: `This is a test${application === null ? '' : ` of the notifications about ${application}`}: messages of Provisor arrive here.`,
  why: null,
  todo: 'Nothing needs to be done.',
  link: publicUrl,
  data: {},
});
