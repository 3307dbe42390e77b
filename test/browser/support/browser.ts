import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';

const DEBIAN_PATH = '/usr/bin/chromium';

/** Debian's Chromium, or the one that CHROMIUM_PATH names. */
function findChromium(): string | undefined {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') return named;
  return existsSync(DEBIAN_PATH) ? DEBIAN_PATH : undefined;
}

const executablePath = findChromium();

/**
 * A `describe` for what only a real browser shows: keyboard and focus, content policies, cookies, redirects of forms.
 * Without one its tests are reported as skipped, under a name that says why.
 */
export function describeInBrowser(name: string, tests: () => void): void {
  if (executablePath !== undefined) describe(name, tests);
  else describe.skip(`${name} [needs Chromium: apt-get install chromium, or CHROMIUM_PATH]`, tests);
}

/** Starts a browser before the tests of the calling block and closes it after them. @returns opens a fresh profile */
export function useBrowser(): () => Promise<Page> {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      // Root, as in a container, has no sandbox; the pages are our own.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
  });
  afterAll(async () => {
    await browser?.close();
  });
  return async () => {
    if (!browser) throw new Error('the browser has not started');
    const context = await browser.newContext();
    const page = await context.newPage();
    page.on('pageerror', (error) => {
      throw error;
    });
    return page;
  };
}

/** Where to keep pictures of the pages, when somebody wants to look at them. */
const SCREENSHOTS = process.env['SCREENSHOTS'];

export async function picture(page: Page, name: string): Promise<void> {
  if (SCREENSHOTS === undefined) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}
