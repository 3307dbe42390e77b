import type { InvitationMail, Mail, PasswordResetMail } from '../directory/mail/mail.js';
import { escapeHtml } from '../http/index.js';
import type { Instant } from '../kernel/clock.js';
import { toOneLine } from '../kernel/one-line.js';

/** A mail as it is read: the same words as plain text and as HTML. */
export interface ComposedMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** UTF-16 code units of a name that somebody else chose: enough to recognise it, too few to preach. */
const MAX_NAME_LENGTH = 80;

export const composeMail = (mail: Mail): ComposedMail =>
  mail.kind === 'invitation' ? composeInvitation(mail) : composePasswordReset(mail);

function composeInvitation(mail: InvitationMail): ComposedMail {
  const organization = toOneLine(mail.organizationName, MAX_NAME_LENGTH);
  const inviter =
    mail.inviterName === undefined ? 'An administrator' : toOneLine(mail.inviterName, MAX_NAME_LENGTH);
  return compose(mail, {
    subject: `Invitation to ${organization}`,
    lead: `${inviter} invites you to join ${organization}.`,
    request: 'To accept, open this address:',
    button: 'Accept the invitation',
    terms: `The link works once, until ${minuteOf(mail.expiresAt)}. If you did not expect this mail, ignore it: nothing happens unless you open the link and accept.`,
  });
}

function composePasswordReset(mail: PasswordResetMail): ComposedMail {
  const organization = toOneLine(mail.organizationName, MAX_NAME_LENGTH);
  const userName = toOneLine(mail.userName, MAX_NAME_LENGTH);
  return compose(mail, {
    subject: `A new password for ${organization}`,
    lead: `Somebody, hopefully you, asked for a new password for the account ${userName} of ${organization}.`,
    request: 'To choose one, open this address:',
    button: 'Choose a new password',
    terms: `The link works once, until ${minuteOf(mail.expiresAt)}, and signs you out everywhere. If you did not ask for it, ignore this mail: the password stays as it is.`,
  });
}

interface Words {
  readonly subject: string;
  readonly lead: string;
  readonly request: string;
  readonly button: string;
  readonly terms: string;
}

const compose = (
  { to, link }: Pick<Mail, 'to' | 'link'>,
  { subject, lead, request, button, terms }: Words,
): ComposedMail => ({
  to,
  subject,
  text: `${lead}\n\n${request}\n\n${link}\n\n${terms}\n`,
  html: page(`<p>${escapeHtml(lead)}</p>
<p><a href="${escapeHtml(link)}">${escapeHtml(button)}</a></p>
<p>Or open this address:<br>${escapeHtml(link)}</p>
<p>${escapeHtml(terms)}</p>`),
});

const minuteOf = (instant: Instant): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;

/** No images, no styles from elsewhere, nothing that would tell that the mail was opened. */
const page = (body: string): string =>
  `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"></head><body>\n${body}\n</body></html>\n`;
