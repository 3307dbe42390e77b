import { DomainError } from '../../kernel/errors.js';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../../kernel/password-hash.js';

/** @param field - of the form. @throws DomainError account.invalid_password */
export function assertPassword(password: string, field: string): void {
  if (password.length >= MIN_PASSWORD_LENGTH && password.length <= MAX_PASSWORD_LENGTH) return;
  throw new DomainError('account.invalid_password', {
    detail: `Choose ${MIN_PASSWORD_LENGTH} characters or more.`,
    field,
  });
}
