#!/usr/bin/env node
// The first step of every npm script, on nothing but Node: installs, generates and builds what is missing or stale,
// then hands over. Plain JavaScript on purpose: it runs before any package is there.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const at = (...parts) => join(root, ...parts);
const OLDEST_NODE = [20, 19];

class Stop extends Error {}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new Stop(
    `Provisor needs Node ${OLDEST_NODE.join('.')} or later; this is ${process.versions.node}. Install a newer Node from https://nodejs.org.`,
  );
}

const hashOf = (...texts) =>
  texts.reduce((hash, text) => hash.update(text).update('\0'), createHash('sha256')).digest('hex');
const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

function* filesBelow(path) {
  if (!existsSync(path)) return;
  if (statSync(path).isFile()) return void (yield path);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) yield* filesBelow(join(path, entry.name));
    else if (/\.(ts|tsx|json|prisma|sql|mjs)$/.test(entry.name)) yield join(path, entry.name);
  }
}
const fingerprint = (...paths) =>
  hashOf(
    ...paths.flatMap((path) => [...filesBelow(path)].sort()).flatMap((file) => [file.slice(root.length), read(file)]),
  );

/** A step is fresh when its inputs are those that the stamp, which it left behind, was made of. */
const isFresh = ({ stampFile, stamp }) => read(stampFile) === stamp();

function bring(step) {
  if (isFresh(step)) return;
  say(step.says);
  rmSync(step.stampFile, { force: true });
  step.run();
  mkdirSync(dirname(step.stampFile), { recursive: true });
  writeFileSync(step.stampFile, step.stamp());
}

function run(what, command, args, options = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', ...options });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  throw new Stop(`${what} failed${error ? `: ${error.message}` : ''}. The lines above say why.`);
}

const say = (text) => void (process.stderr.isTTY || process.env.CI ? process.stderr.write(`${text}\n`) : undefined);
const node = (what, script, ...args) => run(what, process.execPath, [at('node_modules', ...script), ...args]);

/** Two npm scripts started at once must not install or build over each other. */
function exclusively(work) {
  const lock = at('.build.lock');
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isAlive(Number(read(lock)))) rmSync(lock, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  try {
    work();
  } finally {
    rmSync(lock, { force: true });
  }
}
function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const install = {
  says: 'Installing packages (npm ci) …',
  stampFile: at('node_modules', '.provisor-installed'),
  stamp: () => hashOf(read(at('package-lock.json'))),
  run() {
    const npm = process.env.npm_execpath;
    const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
    if (npm?.endsWith('.js')) run('npm ci', process.execPath, [npm, ...args]);
    else run('npm ci', 'npm', args, { shell: process.platform === 'win32' });
  },
};

const generate = {
  says: 'Generating the database client …',
  stampFile: at('src', 'store', 'generated', '.stamp'),
  stamp: () => fingerprint(at('prisma', 'schema.prisma')),
  run() {
    // Generation needs no engine; naming any executable keeps Prisma from downloading one.
    const quiet = { PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' };
    const env = { ...process.env, ...quiet, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
    run('prisma generate', process.execPath, [at('node_modules', 'prisma', 'build', 'index.js'), 'generate'], { env });
  },
};

const build = {
  says: 'Building …',
  stampFile: at('dist', '.stamp'),
  stamp: () =>
    fingerprint(
      ...['src', 'workers', 'config', 'tsconfig.json', 'tsconfig.build.json', 'package.json'].map((name) => at(name)),
    ),
  run: () => node('The build', ['typescript', 'bin', 'tsc'], '-p', at('tsconfig.build.json')),
};

/** The checks of `npm run check`, in two lanes that run side by side: lint takes as long as all the others. */
const lanes = [
  [
    [
      'lint',
      ['eslint', 'bin', 'eslint.js'],
      '--cache',
      '--cache-location',
      'node_modules/.cache/eslint',
      '--max-warnings',
      '0',
      '.',
    ],
  ],
  [
    ['format', ['prettier', 'bin', 'prettier.cjs'], '--check', '--log-level', 'warn', '.'],
    [
      'types',
      ['typescript', 'bin', 'tsc'],
      '-p',
      'tsconfig.json',
      '--noEmit',
      '--tsBuildInfoFile',
      'node_modules/.cache/check.tsbuildinfo',
    ],
    [
      'layers',
      ['dependency-cruiser', 'bin', 'dependency-cruise.mjs'],
      '--config',
      '.dependency-cruiser.cjs',
      'src',
      'workers',
      'config',
      'test',
    ],
    ['dead code', ['knip', 'bin', 'knip.js']],
    ['documents', ['vitest', 'vitest.mjs'], 'run', '--project', 'architecture'],
  ],
];

/** Says what a check found when it failed; answers whether it passed. */
function runCheck([what, script, ...args]) {
  const begun = Date.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [at('node_modules', ...script), ...args], { cwd: root });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('close', (code) => {
      if (code !== 0) process.stdout.write(Buffer.concat(output));
      process.stdout.write(
        `${code === 0 ? 'ok    ' : 'FAILED'} ${what} (${((Date.now() - begun) / 1000).toFixed(1)} s)\n`,
      );
      resolve(code === 0);
    });
  });
}

async function check() {
  const passed = await Promise.all(
    lanes.map(async (lane) => {
      const results = [];
      for (const one of lane) results.push(await runCheck(one));
      return results;
    }),
  );
  return passed.flat().every(Boolean) ? 0 : 1;
}

async function main([first, ...rest]) {
  checkNode();
  const steps =
    first === '--install' ? [install] : first === '--check' ? [install, generate] : [install, generate, build];
  if (!steps.every(isFresh)) exclusively(() => steps.forEach(bring));
  switch (first) {
    case '--install':
    case '--build':
      return;
    case '--check':
      return void (process.exitCode = await check());
    case '--vitest':
      return void (process.exitCode =
        spawnSync(process.execPath, [at('node_modules', 'vitest', 'vitest.mjs'), ...rest], {
          cwd: root,
          stdio: 'inherit',
        }).status ?? 1);
    default:
      await import(pathToFileURL(at('dist', 'src', 'cli', 'main.js')).href);
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
