// /metadata/endpoints: how Azure's Terraform providers and command line find a cloud of another name (their `metadata_host`).
import type { FastifyInstance } from 'fastify';

/** Public, as Azure's own is. The API is named by the host that the caller reached, always over https. */
export function installCloudMetadata(app: FastifyInstance, loginEndpoint: string): void {
  app.get('/metadata/endpoints', { config: { public: true } }, ({ host }) => ({
    name: 'Provisor',
    portal: `https://${host}`,
    resourceManager: `https://${host}`,
    microsoftGraphResourceId: `https://${host}`,
    graphAudience: `https://${host}`,
    authentication: {
      loginEndpoint,
      audiences: [`https://${host}`],
      tenant: 'common',
      identityProvider: 'AAD',
    },
    suffixes: {},
  }));
}
