import { newId } from '../../kernel/ids.js';
import type { Clock } from '../../kernel/clock.js';
import type { Sealer } from '../../kernel/encryption.js';
import type { Stores } from '../unit-of-work.js';
import type { Mail } from './mail.js';
import type { ClaimedMail } from './mail-outbox-store.js';

export interface MailOutboxDependencies {
  readonly clock: Clock;
  readonly sealer: Sealer;
  /** Whether there is a mail server. */
  readonly isConfigured: boolean;
}

/** Where mails are left to be sent: sealed, in the transaction of what they tell of, so that neither goes without the other. */
export class MailOutbox {
  readonly isConfigured: boolean;
  readonly #clock: Clock;
  readonly #sealer: Sealer;
  readonly #listeners = new Set<() => void>();

  constructor({ clock, sealer, isConfigured }: MailOutboxDependencies) {
    this.#clock = clock;
    this.#sealer = sealer;
    this.isConfigured = isConfigured;
  }

  /** @returns the id of the mail */
  async leave(stores: Stores, organizationId: string, mail: Mail): Promise<string> {
    const id = newId(this.#clock.now());
    const payload = this.#sealer.seal(JSON.stringify(mail), placeOf(organizationId, id));
    await stores.mailOutbox.insert(organizationId, { id, payload });
    return id;
  }

  /** The mail that was left; undefined when SECRET_KEY is another one than then. */
  open({ organizationId, id, payload }: ClaimedMail): Mail | undefined {
    const text = this.#sealer.open(payload, placeOf(organizationId, id));
    return text === undefined ? undefined : (JSON.parse(text) as Mail);
  }

  /** Tells whoever sends that there is something to send. To be called once the transaction has ended. */
  announce(): void {
    for (const listener of this.#listeners) listener();
  }

  /** @returns how to stop listening */
  onAnnounced(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

const placeOf = (organizationId: string, id: string): string => `${organizationId}/${id}`;
