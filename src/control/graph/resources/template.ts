// Graph's synchronizationTemplate, synchronizationSecretKeyStringValuePair and the container of both.
import { z } from 'zod';
import { synchronizationSchema } from './schema.ts';

export const synchronizationTemplate = z
  .strictObject({
    id: z.string(),
    applicationId: z.string(),
    default: z.boolean(),
    description: z.string().nullable(),
    discoverable: z.boolean(),
    factoryTag: z.string().nullable(),
    metadata: z.array(z.strictObject({ key: z.string(), value: z.string() })),
    schema: synchronizationSchema,
  })
  .meta({ id: 'synchronizationTemplate' });

export const synchronizationSecret = z
  .strictObject({ key: z.string(), value: z.string().describe('* where the value is secret.') })
  .meta({ id: 'synchronizationSecretKeyStringValuePair' });

export const synchronization = z
  .strictObject({ id: z.string(), secrets: z.array(synchronizationSecret) })
  .meta({ id: 'synchronization' });
