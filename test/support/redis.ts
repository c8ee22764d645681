// Redis for tests: REDIS_URL, or the one on this machine. A newcomer may have none; CI must.
import { connect } from 'node:net';

const LOCAL = 'redis://127.0.0.1:6379';

/** `null` when there is none and none is demanded; then the halves of suites that need Redis are left out. */
export async function redisUrl(): Promise<string | null> {
  const given = process.env['REDIS_URL'];
  if (given !== undefined && given !== '') return given;
  return (await answers()) || process.env['CI'] !== undefined ? LOCAL : null;
}

const answers = (): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(6379, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
