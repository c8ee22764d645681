// A process that uses the embedded PostgreSQL of a data directory until its standard input ends; it ignores Ctrl-C.
import { embeddedPostgres } from '../../src/store/embedded/embedded-postgres.ts';

process.on('SIGINT', () => undefined);
const server = await embeddedPostgres(process.argv[2] ?? '');
process.stdout.write(`${server.url}\n`);
process.stdin.resume().once('end', () => void server.close());
