import { afterEach, describe, expect, it } from 'vitest';

import { endAll, reply, server, session, simulator } from './support.ts';

afterEach(endAll);

describe('discovery', () => {
  it('reads the three documents of a target', async () => {
    const app = await simulator({ faults: { maxPage: 30 } });
    const { config, resourceTypes, schemas } = await session(app.url).discover();
    expect(config).toMatchObject({ filter: { maxResults: 30 } });
    expect(resourceTypes?.map(({ name }) => name)).toEqual(['User', 'Group']);
    expect(schemas?.map(({ id }) => id)).toContain('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User');
    expect(
      app
        .requests()
        .log.map(({ path }) => path)
        .toSorted(),
    ).toEqual(['/ResourceTypes', '/Schemas', '/ServiceProviderConfig']);
  });

  it.each([
    [404, '{}'],
    [501, ''],
    [200, '<html></html>'],
    [200, '{"filter":'],
    [200, '[]'],
  ])('learns nothing from %i %s, and that is fine', async (status, body) => {
    const { url } = await server((_request, response) => reply(response, status, body));
    expect(await session(url).discover()).toEqual({ config: null, resourceTypes: null, schemas: null });
  });
});
