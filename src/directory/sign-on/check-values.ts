import { DomainError } from '../../kernel/errors.js';
import { LIMITS } from '../../kernel/limits.js';

/** @throws DomainError sso_connection.invalid */
export function checkText(field: string, value: string): void {
  if (value.trim() === '' || value.length > LIMITS.urlLength)
    throw invalid(field, 'must not be empty or longer than an address may be');
}

const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(host);

/** https, or http to this machine for trying out, and no user name in it. */
export function isProviderUrl(value: string): boolean {
  const url = value.length <= LIMITS.urlLength && URL.canParse(value) ? new URL(value) : undefined;
  const isAllowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  return isAllowed && url.username === '' && url.password === '';
}

/** @throws DomainError sso_connection.invalid */
export function checkUrl(field: string, value: string): void {
  if (!isProviderUrl(value)) throw invalid(field, 'must be an https address without a user name');
}

export const invalid = (field: string, problem: string): DomainError =>
  new DomainError('sso_connection.invalid', { detail: `${field}: ${problem}.`, field });
