// What the operations of one session share: the connection, and the dialect as far as it was found out meanwhile.
import type { AppRole } from '../rules/model/source-object.ts';
import type { Dialect, DialectKnobs, ResourceType } from '../rules/model/target.ts';
import { withKnobs } from '../rules/scim/dialects.ts';
import type { WireContext } from '../rules/scim/wire-form.ts';
import type { Answer } from './answer.ts';
import type { Ask, Connection } from './connection.ts';
import { nameOf } from './tenant-url.ts';
import type { WireReply } from './wire.ts';

/** Something that was found out about the target; `why` says what taught it. */
export interface Finding {
  readonly knobs: DialectKnobs;
  readonly proven: readonly string[];
  readonly why: string;
}

export interface SessionOptions {
  /** Roles of the application, for dialects that write them with their ids. */
  readonly roles?: readonly AppRole[];
  /** Forms that were seen to take effect before. */
  readonly proven?: readonly string[];
  /** Is told what was found out. Without it nothing is tried beyond the dialect as it is. */
  readonly learn?: (finding: Finding) => Promise<void>;
  /** Is told that a form was not understood; answers what the target says of itself about that, as hints. */
  readonly misunderstood?: () => Promise<DialectKnobs>;
  /** Asked before each request that writes; after `false` it is not sent, and Withdrawn is thrown. */
  readonly mayWrite?: () => Promise<boolean>;
}

/** A write that waits for others to go with. */
export interface Waiting {
  readonly what: Ask;
  readonly done: (answer: Answer<WireReply> | Promise<Answer<WireReply>>) => void;
}

export interface Talk {
  connection: Connection;
  /** What was found holds from then on. */
  dialect: Dialect;
  readonly roles: readonly AppRole[];
  readonly learn: ((finding: Finding) => Promise<void>) | null;
  readonly misunderstood: () => Promise<DialectKnobs>;
  /** Forms that need no look any more: seen to take effect, or being looked at. */
  readonly looked: Set<string>;
  /** Alternatives that did not help; not tried again in this session. */
  readonly tried: Set<string>;
  /** Writes of this moment, for a request that holds them all; `null` while a form is tried. */
  readonly waiting: Waiting[] | null;
}

export const openTalk = (
  connection: Connection,
  dialect: Dialect,
  { roles = [], proven = [], learn, misunderstood }: SessionOptions,
): Talk => ({
  connection,
  dialect,
  roles,
  learn: learn ?? null,
  misunderstood: misunderstood ?? (() => Promise.resolve({})),
  looked: new Set(proven),
  tried: new Set(),
  waiting: [],
});

export const wireContext = ({ connection, roles }: Talk, dialect: Dialect): WireContext => ({
  dialect,
  roles,
  locate: (type: ResourceType, id: string) => `${nameOf(connection.base)}/${type}s/${encodeURIComponent(id)}`,
});

/** The same conversation in another dialect, for a try. */
export const speaking = (talk: Talk, knobs: DialectKnobs): Talk => {
  const dialect = withKnobs(talk.dialect, knobs);
  return { ...talk, dialect, connection: { ...talk.connection, dialect }, waiting: null };
};

/** What was found holds for the rest of the session, and is told to whoever keeps it. */
export async function learned(talk: Talk, finding: Finding): Promise<void> {
  adopt(talk, finding.knobs);
  await talk.learn?.(finding);
}

/** A form was not understood: what the target says of itself may tell which one to try first. */
export const askForHints = async (talk: Talk): Promise<void> => adopt(talk, await talk.misunderstood());

function adopt(talk: Talk, knobs: DialectKnobs): void {
  talk.dialect = withKnobs(talk.dialect, knobs);
  talk.connection = { ...talk.connection, dialect: talk.dialect };
}
