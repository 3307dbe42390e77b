/**
 * What travels over DATA_DIR/admin.sock: POST /commands with one JSON request, answered by one JSON message a line.
 * Both ends are this program, maybe of two releases; the arguments travel as they were typed and are checked again.
 */
import { isJsonObject } from '../../kernel/json.js';

/** A command as it was typed, and what was read for it where it was typed. */
export interface CommandRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly input?: string;
}

export type CommandMessage =
  | { readonly out: string }
  | { readonly err: string }
  /** Comes last. */
  | { readonly exitCode: number };

export const COMMANDS_PATH = '/commands';
/** Bytes of a request. */
export const MAX_REQUEST_BYTES = 65_536;

/** @returns undefined for anything that is not a request */
export function parseCommandRequest(bytes: Buffer): CommandRequest | undefined {
  const value = parseJson(bytes.toString('utf8'));
  if (!isJsonObject(value)) return undefined;
  const { command, args, input } = value;
  if (typeof command !== 'string' || !Array.isArray(args)) return undefined;
  const texts = args.filter((argument) => typeof argument === 'string');
  if (texts.length !== args.length) return undefined;
  return { command, args: texts, ...(typeof input === 'string' ? { input } : {}) };
}

/** @returns undefined for anything that is not a message */
export function parseCommandMessage(line: string): CommandMessage | undefined {
  const value = parseJson(line);
  if (!isJsonObject(value)) return undefined;
  if (typeof value['out'] === 'string') return { out: value['out'] };
  if (typeof value['err'] === 'string') return { err: value['err'] };
  return typeof value['exitCode'] === 'number' ? { exitCode: value['exitCode'] } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
