import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '..');
const dist = join(repository, 'dist');
const compiler = join(repository, 'node_modules/typescript/bin/tsc');
/** Written last, so that an interrupted build counts as none. */
const stamp = join(dist, '.built');
const INPUTS = ['src/**/*.ts', 'migrations/**/*.ts', 'tsconfig*.json', 'package-lock.json'];

/** The compiled process entry. */
export const mainModule = join(dist, 'src/main.js');

/**
 * True when something that goes into `dist` is newer than it. An installation without the compiler, such as a container
 * image, has been built elsewhere and is never stale.
 */
export function isDistributionStale(): boolean {
  if (!existsSync(compiler)) return false;
  const builtAt = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return globSync(INPUTS, { cwd: repository }).some(
    (path) => statSync(join(repository, path)).mtimeMs > builtAt,
  );
}

/**
 * Compiles `src` and `migrations` into an empty `dist`: what is left of a deleted migration would still be run. Speaks on
 * stderr only, because stdout may be the answer of a command.
 * @returns whether it compiled
 */
export function buildDistribution(): boolean {
  rmSync(dist, { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: repository,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) return false;
  mkdirSync(dist, { recursive: true });
  writeFileSync(stamp, '');
  return true;
}
