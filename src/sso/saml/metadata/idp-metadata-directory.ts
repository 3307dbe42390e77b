import type { SamlIdentityProvider } from '../../../directory/sign-on/saml-identity-provider.js';
import type { SamlConnection } from '../../../directory/sign-on/sso-connection.js';
import type { Clock } from '../../../kernel/clock.js';
import type { Logger } from '../../../observability/index.js';
import type { IdpMetadataReader } from './idp-metadata-reader.js';

/** Milliseconds fetched metadata is used before it is fetched again: a new certificate is known long before it is used. */
const FRESH_MS = 3_600_000;
/** Milliseconds it is used on when fetching fails. */
const STALE_MS = 24 * 3_600_000;
/** Milliseconds between fetches, however many answers with unknown signatures come in, or however often fetching fails. */
const COOLDOWN_MS = 60_000;
/** Documents kept in memory; the oldest goes first. */
const MAX_ENTRIES = 500;

interface Entry {
  readonly provider: SamlIdentityProvider | undefined;
  /** When `provider` was fetched, and when fetching was last tried; milliseconds since the epoch. */
  readonly fetchedAt: number;
  readonly triedAt: number;
}

/**
 * Whom a connection believes. Where its settings name an address for metadata, that counts, and what is stored is what is
 * known when it cannot be reached. A cache of public documents only, so each replica may have its own.
 */
export class IdpMetadataDirectory {
  readonly #reader: IdpMetadataReader;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #entries = new Map<string, Entry>();
  readonly #pending = new Map<string, Promise<Entry>>();

  constructor(parts: { readonly reader: IdpMetadataReader; readonly clock: Clock; readonly logger: Logger }) {
    this.#reader = parts.reader;
    this.#clock = parts.clock;
    this.#logger = parts.logger;
  }

  /**
   * The identity provider of a connection as it is known now.
   * @param options.isDoubted - something it signed cannot be verified: its keys may be newer than what is known
   */
  async find(
    { id, settings }: SamlConnection,
    options: { readonly isDoubted?: boolean } = {},
  ): Promise<SamlIdentityProvider> {
    const stored = {
      entityId: settings.idpEntityId,
      entryPoint: settings.entryPoint,
      logoutUrl: settings.logoutUrl,
      certificates: settings.certificates,
    };
    if (settings.metadataUrl === undefined) return stored;
    const { provider, fetchedAt } = await this.#entry(settings.metadataUrl, options.isDoubted === true);
    if (!provider || this.#clock.now() - fetchedAt >= STALE_MS) return stored;
    if (provider.entityId === settings.idpEntityId) return provider;
    this.#logger.warn({ ssoConnectionId: id }, 'metadata at the configured address names another entityID');
    return stored;
  }

  async #entry(url: string, isDoubted: boolean): Promise<Entry> {
    const now = this.#clock.now();
    const known = this.#entries.get(url);
    if (known) {
      const isFresh = known.provider && now - known.fetchedAt < FRESH_MS && !isDoubted;
      if (isFresh === true || now - known.triedAt < COOLDOWN_MS) return known;
    }
    const pending = this.#pending.get(url) ?? this.#refresh(url, known);
    this.#pending.set(url, pending);
    return pending.finally(() => this.#pending.delete(url));
  }

  async #refresh(url: string, known: Entry | undefined): Promise<Entry> {
    const found = await this.#reader.read(url);
    const now = this.#clock.now();
    const entry = found.ok
      ? { provider: found.value, fetchedAt: now, triedAt: now }
      : { provider: known?.provider, fetchedAt: known?.fetchedAt ?? 0, triedAt: now };
    if (!found.ok)
      this.#logger.warn({ host: new URL(url).host, problem: found.error }, 'metadata could not be refreshed');
    return this.#keep(url, entry);
  }

  #keep(url: string, entry: Entry): Entry {
    this.#entries.delete(url);
    this.#entries.set(url, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
    return entry;
  }
}
