import type { RefusalReason } from './sign-on-outcome.js';

/** What an admin can do about each refusal. */
export const REFUSAL_ADVICE: Readonly<Record<RefusalReason, string>> = {
  provisioning_disabled:
    'There is no account, and signing in makes none: DISABLE_SSO_PROVISIONING is set, or the connection does not ' +
    'provision. Invite the person, assign the person to the SCIM application of the identity provider, or let the ' +
    'connection provision.',
  removed:
    'The identity provider removed the account over SCIM, and signing in does not bring accounts back. Assign the ' +
    'person to the SCIM application again, or restore the account.',
  deactivated: 'The account is deactivated. Reactivate it, over SCIM or here, if the person may come back.',
  service_account:
    'The name is that of a service account, which never signs in. Give the person another user name.',
  seat_limit_reached: 'Seat limit reached. Free a seat, or raise the limit.',
  domain_not_verified:
    "The person's user name or e-mail is of a domain that is not verified for this connection. Verify the domain, or " +
    'correct the attribute mapping.',
  link_refused:
    'An account of this user name or e-mail exists, and nothing shows that it is the same person: verify the domain ' +
    'for this connection, pair the connection with the SCIM connection that made the account, or link the account by ' +
    'hand in the list of refused sign-ins. An account that is linked to another person there, or is protected, can ' +
    'only be linked by hand.',
  invalid_identity:
    'The identity provider sent no usable subject, user name or e-mail. Correct the attribute mapping.',
  connection_disabled: 'The connection is disabled. Enable it.',
};
