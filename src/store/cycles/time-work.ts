// Objects that the passing of time alone may have brought into scope or out of it: their date lies in a window.
import type { ObjectType } from '../../rules/model/source-object.ts';
import type { DateWindow } from '../../rules/scoping/scope-reads.ts';
import { Prisma } from '../generated/client.ts';
import type { CycleScope } from './cycle-scope.ts';

export const movedByTime = (type: ObjectType, { tenantId, reads }: CycleScope): readonly Prisma.Sql[] =>
  reads.dates
    .filter((window) => window.type === type)
    .map(
      (window) => Prisma.sql`
        SELECT o.id FROM directory_object o
        CROSS JOIN LATERAL (SELECT o.attributes #>> ${[...window.path]}::text[]) AS date(text)
        WHERE o.tenant_id = ${tenantId} AND o.type = ${type} AND o.presence = 'live' AND date.text IS NOT NULL
          AND ${within(window)}`,
    );

/** Graph writes dates so that they sort as texts. One that is written in another way is looked at each time. */
const within = ({ from, to }: DateWindow): Prisma.Sql => Prisma.sql`
  (date.text !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?Z$'
   OR (left(date.text, 19) >= ${from ?? ''} AND left(date.text, 19) <= ${to ?? '9999-12-31T23:59:59'}))`;
