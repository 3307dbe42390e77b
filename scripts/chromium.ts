/**
 * Brings a Chromium for the tests in a browser along, where that takes nobody's permission: on Debian and its
 * relatives, as root, as in a fresh container. Elsewhere CHROMIUM_PATH names one, or those tests are skipped by name.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

const DEBIAN_PATH = '/usr/bin/chromium';
const APT_GET = '/usr/bin/apt-get';
/** Milliseconds for the package lists and some 100 MB of packages. */
const INSTALL_TIMEOUT = 240_000;

/** Installs Debian's Chromium when there is none and nothing stands in the way. Never rejects: a failure is told. */
export async function ensureChromium(): Promise<void> {
  if ((process.env['CHROMIUM_PATH'] ?? '') !== '' || existsSync(DEBIAN_PATH)) return;
  if (process.getuid?.() !== 0 || !existsSync(APT_GET)) return;
  process.stderr.write('Installing Chromium for the tests in a browser (apt-get install chromium)\n');
  for (const parameters of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']]) {
    if (await runAptGet(parameters)) continue;
    process.stderr.write('Chromium could not be installed; its tests are skipped\n');
    return;
  }
}

function runAptGet(parameters: readonly string[]): Promise<boolean> {
  const child = spawn(APT_GET, ['--quiet', ...parameters], {
    stdio: 'ignore',
    timeout: INSTALL_TIMEOUT,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false)).once('exit', (code) => resolve(code === 0));
  });
}
