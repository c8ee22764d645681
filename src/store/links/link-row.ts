// Columns of a link as statements of our own select them.
import type { ObjectType } from '../../rules/model/source-object.ts';
import type { KnownAttributes, Link } from '../../rules/model/target.ts';

export interface LinkColumns {
  readonly target_id: string;
  readonly display_name: string;
  readonly known: KnownAttributes;
  readonly state: Link['state'];
  readonly created_at: Date;
}

export const toLink = (
  of: { readonly jobId: string; readonly sourceId: string; readonly type: ObjectType },
  row: LinkColumns,
): Link => ({
  ...of,
  targetId: row.target_id,
  displayName: row.display_name,
  known: row.known,
  state: row.state,
  createdAt: row.created_at,
});
