import type { InvitationMail, Mail } from '../directory/mail/mail.js';
import { escapeHtml } from '../http/index.js';
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

export function composeMail(mail: Mail): ComposedMail {
  return composeInvitation(mail);
}

function composeInvitation(mail: InvitationMail): ComposedMail {
  const organization = toOneLine(mail.organizationName, MAX_NAME_LENGTH);
  const inviter =
    mail.inviterName === undefined ? 'An administrator' : toOneLine(mail.inviterName, MAX_NAME_LENGTH);
  const until = `${mail.expiresAt.slice(0, 10)} ${mail.expiresAt.slice(11, 16)} UTC`;
  const lead = `${inviter} invites you to join ${organization}.`;
  const terms = `The link works once, until ${until}. If you did not expect this mail, ignore it: nothing happens unless you open the link and accept.`;
  return {
    to: mail.to,
    subject: `Invitation to ${organization}`,
    text: `${lead}\n\nTo accept, open this address:\n\n${mail.link}\n\n${terms}\n`,
    html: page(`<p>${escapeHtml(lead)}</p>
<p><a href="${escapeHtml(mail.link)}">Accept the invitation</a></p>
<p>Or open this address:<br>${escapeHtml(mail.link)}</p>
<p>${escapeHtml(terms)}</p>`),
  };
}

/** No images, no styles from elsewhere, nothing that would tell that the mail was opened. */
const page = (body: string): string =>
  `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"></head><body>\n${body}\n</body></html>\n`;
