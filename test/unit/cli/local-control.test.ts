import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startControlServer, type RunCommand } from '../../../src/cli/local-control/control-server.js';
import { forwardCommand } from '../../../src/cli/local-control/forward-command.js';
import { parseCommandMessage, parseCommandRequest } from '../../../src/cli/local-control/messages.js';
import { findSocketPath } from '../../../src/cli/local-control/socket-path.js';
import { recordTerminal } from './support.js';

let directory: string;
let close: () => Promise<void>;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-control-'));
  close = () => Promise.resolve();
});

afterEach(async () => {
  await close();
  rmSync(directory, { recursive: true, force: true });
});

async function start(runCommand: RunCommand): Promise<void> {
  const server = await startControlServer(directory, runCommand);
  if (!server.ok) throw new Error(server.error);
  close = () => server.value.close();
}

const post = (path: string, body: string): Promise<{ status: number | undefined; body: string }> =>
  new Promise((resolve, reject) => {
    request({ socketPath: join(directory, 'admin.sock'), path, method: 'POST' }, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode, body: answer }), reject);
    })
      .once('error', reject)
      .end(body);
  });

describe('commands over DATA_DIR/admin.sock', () => {
  it('repeat output and exit code of the process that runs them', async () => {
    await start((command, output) => {
      output.out(`${command.command} ${command.args.join(' ')} ${command.input ?? ''}\n`);
      output.err('a note\n');
      return Promise.resolve(3);
    });
    const terminal = recordTerminal();
    const request = { command: 'admin create', args: ['--email', 'ä@example.com'], input: 'pass\nword' };
    expect(await forwardCommand(directory, request, terminal)).toEqual({ ok: true, value: 3 });
    expect(terminal.said).toEqual({
      out: 'admin create --email ä@example.com pass\nword\n',
      err: 'a note\n',
    });
  });

  it('that do not end are cut off when the server closes, after its deadline', async () => {
    let hasBegun: () => void;
    const begun = new Promise<void>((resolve) => (hasBegun = resolve));
    const server = await startControlServer(directory, () => {
      hasBegun();
      return new Promise<number>(() => undefined);
    });
    if (!server.ok) throw new Error(server.error);
    const forwarded = forwardCommand(directory, { command: 'x', args: [] }, recordTerminal());
    await begun;
    await server.value.close(1);
    expect((await forwarded).ok).toBe(false);
  });

  it('that are about to end are waited for when the server closes', async () => {
    let hasBegun: () => void;
    const begun = new Promise<void>((resolve) => (hasBegun = resolve));
    let end: (exitCode: number) => void = () => undefined;
    const server = await startControlServer(directory, () => {
      hasBegun();
      return new Promise<number>((resolve) => (end = resolve));
    });
    if (!server.ok) throw new Error(server.error);
    const forwarded = forwardCommand(directory, { command: 'x', args: [] }, recordTerminal());
    await begun;
    const closed = server.value.close();
    end(3);
    expect(await forwarded).toEqual({ ok: true, value: 3 });
    await closed;
  });

  it('go over a socket that only its owner can open', async () => {
    await start(() => Promise.resolve(0));
    expect(statSync(join(directory, 'admin.sock')).mode & 0o777).toBe(0o600);
  });

  it('find a server that took over the path of one that was killed', async () => {
    writeFileSync(join(directory, 'admin.sock'), '');
    await start(() => Promise.resolve(0));
    const answer = await forwardCommand(directory, { command: 'x', args: [] }, recordTerminal());
    expect(answer).toEqual({ ok: true, value: 0 });
  });

  it('end with 1 when the command breaks off', async () => {
    await start(() => Promise.reject(new Error('broken')));
    const answer = await forwardCommand(directory, { command: 'x', args: [] }, recordTerminal());
    expect(answer).toEqual({ ok: true, value: 1 });
  });

  it('say why when nobody listens', async () => {
    const answer = await forwardCommand(directory, { command: 'x', args: [] }, recordTerminal());
    expect(answer).toEqual({ ok: false, error: expect.stringContaining('takes no commands') });
  });

  it('are refused when they are not commands, or too large', async () => {
    await start(() => Promise.resolve(0));
    expect((await post('/commands', 'not json')).status).toBe(400);
    expect((await post('/commands', JSON.stringify({ command: 'x', args: [1] }))).status).toBe(400);
    expect((await post('/commands', 'x'.repeat(70_000))).status).toBe(400);
    expect((await post('/other', '{}')).status).toBe(404);
  });

  it('leave no socket behind', async () => {
    await start(() => Promise.resolve(0));
    await close();
    close = () => Promise.resolve();
    expect(statSync(join(directory, 'admin.sock'), { throwIfNoEntry: false })).toBeUndefined();
  });

  it('are switched off, with the reason, where the path is too long for a Unix socket (108 bytes on Linux)', async () => {
    const deep = join(directory, 'd'.repeat(120));
    mkdirSync(deep);
    const server = await startControlServer(deep, () => Promise.resolve(0));
    expect(server).toEqual({ ok: false, error: expect.stringContaining('too long') });
    const answer = await forwardCommand(deep, { command: 'x', args: [] }, recordTerminal());
    expect(answer).toEqual({ ok: false, error: expect.stringContaining('too long') });
  });

  it('fit with a long absolute path when the one from the working directory is short', () => {
    expect(findSocketPath(join(process.cwd(), 'data'))).toEqual({
      ok: true,
      value: join('data', 'admin.sock'),
    });
  });
});

describe('messages of the socket', () => {
  it('are read only in their own shapes', () => {
    expect(parseCommandRequest(Buffer.from('{"command":"a","args":["b"],"input":"c"}'))).toEqual({
      command: 'a',
      args: ['b'],
      input: 'c',
    });
    for (const body of [
      '',
      '[]',
      'null',
      '{}',
      '{"command":1,"args":[]}',
      '{"command":"a"}',
      '{"command":"a","args":"b"}',
    ])
      expect(parseCommandRequest(Buffer.from(body))).toBeUndefined();
    expect(parseCommandMessage('{"out":"x"}')).toEqual({ out: 'x' });
    expect(parseCommandMessage('{"exitCode":0}')).toEqual({ exitCode: 0 });
    for (const line of ['', '{}', '[]', '{"out":1}', 'x']) expect(parseCommandMessage(line)).toBeUndefined();
  });
});
