import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { Browser } from '../support/browser.js';
import {
  findFreePort,
  Installation,
  runProgram,
  startProgram,
  type RunningProgram,
  type RunningServer,
} from './program.js';

jest.setTimeout(180_000);

let installation: Installation;
let server: RunningServer;
let port: string;

beforeAll(async () => {
  installation = new Installation({ isMigrated: true });
  server = await installation.serve();
  port = String(await findFreePort());
});

afterAll(() => {
  installation.remove();
});

/** The address that the demo prints, once it does. */
async function invitationOf(demo: RunningProgram): Promise<string> {
  for (;;) {
    const address = /Sign in: +(\S+)/.exec(demo.out())?.[1];
    if (address !== undefined) return address;
    if (demo.child.exitCode !== null) throw new Error((await demo.ended).err);
    await setTimeout(20);
  }
}

describe('rollcall demo --sso beside a running server', () => {
  it('lets a person sign in by a click, and nobody once it has ended', async () => {
    const demo = startProgram(['demo', '--sso', '--idp-port', port], server.env);
    const address = await invitationOf(demo);
    const browser = new Browser();
    const choose = await browser.visit(address);
    expect(choose.text).toContain('Ada Lovelace');
    expect((await browser.submit(choose, { person: 'ada.lovelace' })).status).toBe(200);
    const me = await browser.visit(`${server.url}/api/v1/me`);
    expect(JSON.parse(me.text)).toMatchObject({ organizationRole: 'member' });

    demo.child.kill('SIGINT');
    expect(await demo.ended).toMatchObject({ exitCode: 0, err: expect.stringContaining('switched off') });
    expect((await new Browser().visit(address)).status).toBe(403);
  });

  it('keeps its people when it runs again', async () => {
    const demo = startProgram(['demo', '--sso', '--idp-port', port], server.env);
    const browser = new Browser();
    const choose = await browser.visit(await invitationOf(demo));
    await browser.submit(choose, { person: 'ada.lovelace' });
    expect((await browser.visit(`${server.url}/api/v1/me`)).status).toBe(200);
    demo.child.kill('SIGTERM');
    expect((await demo.ended).exitCode).toBe(0);
  });

  it.each([
    [['--url', 'http://127.0.0.1:1'], '--sso goes without'],
    [['--token', 'x'], '--sso goes without'],
    [['--idp-port', '99999'], '--idp-port must be at most'],
    [['--idp-port', 'x'], '--idp-port'],
  ])('does not go with %p', async (more, message) => {
    const { exitCode, err } = await runProgram(['demo', '--sso', ...more], server.env);
    expect(exitCode).not.toBe(0);
    expect(err).toContain(message);
  });

  it('is for a server of one’s own machine: its provider asks for no password', async () => {
    const elsewhere = new Installation({ isMigrated: false });
    const env = { DATA_DIR: elsewhere.dataDir, PUBLIC_URL: 'https://rollcall.example.com' };
    const { exitCode, err } = await runProgram(['demo', '--sso', '--idp-port', port], env);
    elsewhere.remove();
    expect([exitCode, err]).toEqual([1, expect.stringContaining("one's own machine")]);
  });

  it('says how to start a server when there is none', async () => {
    const alone = new Installation({ isMigrated: false });
    const env = { DATA_DIR: alone.dataDir, PORT: '1' };
    const { exitCode, err } = await runProgram(['demo', '--sso', '--idp-port', port], env);
    alone.remove();
    expect([exitCode, err]).toEqual([1, expect.stringContaining('npm start')]);
  });
});
