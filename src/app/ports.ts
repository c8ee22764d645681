// Default ports that are taken give way to free ones; a port that somebody chose is insisted on.
import { createServer } from 'node:net';
import type { SettingName, Settings } from '../../config/settings.ts';

type PortSetting = Extract<SettingName, 'PORT' | 'TLS_PORT' | 'MOCK_ENTRA_PORT'>;

/** The port to listen on; 0 = any free one. */
export async function portFor(settings: Settings, name: PortSetting, host = settings.HOST): Promise<number> {
  const port = settings[name];
  return settings.given.has(name) || (await isFree(port, host)) ? port : 0;
}

export const isFree = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
