import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { isStorableText, parseJsonBody, readBody } from '../../http/index.js';
import { DomainError } from '../../kernel/errors.js';
import type { JsonObject } from '../../kernel/json.js';
import { LIMITS } from '../../kernel/limits.js';
import { ApiError, type FieldProblem } from './problem.js';

const MEDIA_TYPES = new Set(['application/json', 'application/merge-patch+json']);

/** Query parameters by name; a repeated one has every value. */
export type QueryValues = Readonly<Record<string, string | readonly string[]>>;

/**
 * The JSON body of a request; `{}` for a request without one.
 * @throws ApiError 415 for another media type, charset or encoding, 413 over the cap, 400 for what is no JSON object
 */
export async function readJsonBody(request: IncomingMessage): Promise<JsonObject> {
  const { 'content-length': length, 'transfer-encoding': transfer } = request.headers;
  if ((length === undefined || length === '0') && transfer === undefined) return {};
  requireMediaType(request.headers['content-type']);
  const body = await readBody(request, LIMITS.bodyBytes);
  if (!body.ok) {
    switch (body.error) {
      case 'too_large':
        throw new ApiError('request.too_large', {
          detail: `The request body exceeds ${LIMITS.bodyBytes} bytes.`,
        });
      case 'unsupported_encoding':
        throw new ApiError('request.unsupported_media_type', {
          detail: 'Content-Encoding must be identity or gzip.',
        });
      case 'aborted':
        throw new ApiError('request.invalid', { detail: 'The request body is incomplete.' });
    }
  }
  const parsed = parseJsonBody(body.value);
  if (!parsed.ok) throw new ApiError('request.invalid', { detail: parsed.error.detail });
  return parsed.value;
}

function requireMediaType(contentType: string | undefined): void {
  const [mediaType = '', ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters.find((part) => part.startsWith('charset='))?.slice('charset='.length);
  const isUtf8 = charset === undefined || /^"?utf-?8"?$/.test(charset);
  if (MEDIA_TYPES.has(mediaType) && isUtf8) return;
  throw new ApiError('request.unsupported_media_type', {
    detail: 'Content-Type must be application/json, in UTF-8.',
  });
}

/** @throws DomainError request.invalid for text that no value could hold */
export function readQueryValues(search: string): QueryValues {
  const values = new Map<string, string | readonly string[]>();
  for (const [name, value] of new URLSearchParams(search)) {
    if (!isStorableText(name + value))
      throw new DomainError('request.invalid', {
        field: name,
        detail: 'A parameter holds half of a surrogate pair or the character U+0000.',
      });
    const known = values.get(name);
    values.set(name, known === undefined ? value : [known, value].flat());
  }
  return Object.fromEntries(values);
}

/** @throws ApiError request.invalid, which names each part that does not fit */
export function parseInput<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap(describeIssue);
  const shown = errors.map(({ field, detail }) => (field === '' ? detail : `${field}: ${detail}`)).join('; ');
  throw new ApiError('request.invalid', { detail: shown, errors });
}

function describeIssue(issue: z.core.$ZodIssue): readonly FieldProblem[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ field: [...path, key].join('.'), detail: 'is not known here' }));
  return [{ field: path.join('.'), detail: plain(issue) }];
}

/** A missing member is "required"; what zod calls `invalid_type` otherwise says what was expected. */
function plain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'is required';
  return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
}
