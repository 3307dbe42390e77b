import { toInstant, type Clock, type Instant } from '../../kernel/clock.js';
import { hashSecret, newSecret } from '../../kernel/secrets.js';
import type { MailOutbox } from '../mail/mail-outbox.js';
import type { RequestContext } from '../request-context.js';
import type { Stores } from '../unit-of-work.js';
import { INVITATION_DAYS } from './invitation.js';
import type { InvitationRenewal } from './invitation-store.js';

const SECRET_PREFIX = 'ri_';
const DAY = 86_400_000;

export interface LinkIssuerDependencies {
  readonly mailOutbox: MailOutbox;
  readonly clock: Clock;
  /** Absolute, without a slash at the end. */
  readonly publicUrl: string;
}

/** What the mails of one request have in common. */
export interface LinkSender {
  readonly organizationName: string;
  readonly inviterId: string | undefined;
  readonly inviterName: string | undefined;
  /** False when the link is to be handed over. */
  readonly sendEmail: boolean;
}

export interface IssuedLink extends InvitationRenewal {
  /** Only when no mail carries it. */
  readonly link: string | undefined;
}

/** Makes the secret links of invitations and leaves the mails that carry them. */
export class LinkIssuer {
  readonly #mailOutbox: MailOutbox;
  readonly #clock: Clock;
  readonly #publicUrl: string;

  constructor({ mailOutbox, clock, publicUrl }: LinkIssuerDependencies) {
    this.#mailOutbox = mailOutbox;
    this.#clock = clock;
    this.#publicUrl = publicUrl;
  }

  /** Who invites, and into what. */
  async findSender(stores: Stores, context: RequestContext, sendEmail: boolean): Promise<LinkSender> {
    const { organizationId } = context;
    const inviterId = userIdOf(context);
    const [inviter] = inviterId === undefined ? [] : await stores.teams.members(organizationId, [inviterId]);
    const settings = await stores.organizations.findSettings(organizationId);
    return {
      organizationName: settings?.displayName ?? '',
      inviterId,
      inviterName: inviter?.name,
      sendEmail,
    };
  }

  async issue(stores: Stores, organizationId: string, to: string, sender: LinkSender): Promise<IssuedLink> {
    const secret = newSecret(SECRET_PREFIX);
    const link = `${this.#publicUrl}/invitations/${secret}`;
    const expiresAt: Instant = toInstant(this.#clock.now() + INVITATION_DAYS * DAY);
    const issued = { secretHash: hashSecret(secret), expiresAt };
    const { organizationName, inviterName } = sender;
    if (!sender.sendEmail)
      return { ...issued, delivery: { mailId: undefined, absence: 'not_requested' }, link };
    if (!this.#mailOutbox.isConfigured)
      return { ...issued, delivery: { mailId: undefined, absence: 'not_configured' }, link };
    const mail = { kind: 'invitation', to, link, organizationName, inviterName, expiresAt } as const;
    const mailId = await this.#mailOutbox.leave(stores, organizationId, mail);
    return { ...issued, delivery: { mailId, absence: undefined }, link: undefined };
  }

  /** To be called once the transaction has ended. */
  announce(): void {
    this.#mailOutbox.announce();
  }
}

/** The person behind a request; undefined for the operator and for connections. */
const userIdOf = ({ actor }: RequestContext): string | undefined => {
  if (actor.kind === 'user') return actor.id;
  return actor.kind === 'api_key' ? actor.userId : undefined;
};
