/**
 * Brings a Chromium for the tests in a browser along, where that takes nobody's permission: on Debian and its
 * relatives, as root, as in a fresh container. Elsewhere CHROMIUM_PATH names one, or those tests are skipped by name.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const DEBIAN_PATH = '/usr/bin/chromium';
const APT_GET = '/usr/bin/apt-get';
/** Milliseconds for the package lists and some 100 MB of packages. */
const INSTALL_TIMEOUT = 120_000;

/** Installs Debian's Chromium when there is none and nothing stands in the way. Never throws: a failure is told. */
export function ensureChromium(): void {
  if ((process.env['CHROMIUM_PATH'] ?? '') !== '' || existsSync(DEBIAN_PATH)) return;
  if (process.getuid?.() !== 0 || !existsSync(APT_GET)) return;
  process.stderr.write('Installing Chromium for the tests in a browser (apt-get install chromium)\n');
  const install = ['install', '--yes', '--no-install-recommends', 'chromium'];
  for (const parameters of [['update'], install]) {
    const { status } = spawnSync(APT_GET, ['--quiet', ...parameters], {
      stdio: ['ignore', 'ignore', 'ignore'],
      timeout: INSTALL_TIMEOUT,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status === 0) continue;
    process.stderr.write('Chromium could not be installed; its tests are skipped\n');
    return;
  }
}
