import { createRemoteJWKSet, customFetch as joseFetch, type RemoteJWKSet } from 'jose';
import { customFetch, discovery } from 'openid-client';
import type { Clock } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { refusalOf } from './library-errors.js';
import { checkMetadata, type ProviderMetadata } from './provider-metadata.js';
import type { OidcRefusal } from './refusal.js';
import { allowLoopback, type Transport } from './transport.js';

/** Milliseconds a discovery document is used before it is fetched again. */
const FRESH_MS = 15 * 60_000;
/** Milliseconds it is used on when fetching it again fails: a provider's hiccup must not lock everybody out. */
const STALE_MS = 24 * 3_600_000;
/** Milliseconds before keys are fetched again for a signature whose key is unknown: anybody can send such ones. */
const KEY_COOLDOWN_MS = 30_000;
const KEYS_FRESH_MS = 10 * 60_000;
/** Documents kept in memory; the oldest goes first. */
const MAX_PROVIDERS = 500;

/** A provider as it describes itself, and its keys. */
export interface Provider {
  readonly metadata: ProviderMetadata;
  readonly keys: RemoteJWKSet;
}

interface Entry {
  readonly provider: Provider;
  readonly fetchedAt: number;
}

/**
 * Providers by issuer: their discovery documents and keys, fetched when first needed and kept for a while. A cache of
 * public documents only, so each replica may have its own.
 */
export class ProviderDirectory {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #pending = new Map<string, Promise<Result<Provider, OidcRefusal>>>();

  constructor(transport: Transport, clock: Clock) {
    this.#transport = transport;
    this.#clock = clock;
  }

  /**
   * The provider with this issuer identifier.
   * @param options.isFresh - fetch it anew, as an admin expects who has just changed something there
   */
  async find(
    issuer: string,
    options: { readonly isFresh?: boolean } = {},
  ): Promise<Result<Provider, OidcRefusal>> {
    const known = this.#entries.get(issuer);
    const age = known === undefined ? Infinity : this.#clock.now() - known.fetchedAt;
    if (known !== undefined && age < FRESH_MS && options.isFresh !== true) return ok(known.provider);
    const fetched = await this.#fetchOnce(issuer);
    if (fetched.ok || known === undefined || age >= STALE_MS || options.isFresh === true) return fetched;
    return fetched.error.reason === 'provider_unavailable' ? ok(known.provider) : fetched;
  }

  #fetchOnce(issuer: string): Promise<Result<Provider, OidcRefusal>> {
    const pending = this.#pending.get(issuer);
    if (pending !== undefined) return pending;
    const request = this.#fetchProvider(issuer).finally(() => this.#pending.delete(issuer));
    this.#pending.set(issuer, request);
    return request;
  }

  async #fetchProvider(issuer: string): Promise<Result<Provider, OidcRefusal>> {
    let document;
    try {
      // The client id plays no part here: only the document is taken.
      const configuration = await discovery(new URL(issuer), 'discovery', undefined, undefined, {
        [customFetch]: this.#transport.fetch,
        execute: allowLoopback(this.#transport),
        timeout: this.#transport.policy.timeoutMs / 1_000,
      });
      document = configuration.serverMetadata();
    } catch (error) {
      return err(refusalOf(error, 'discovery'));
    }
    const metadata = checkMetadata({ ...document }, issuer, this.#transport.policy);
    if (!metadata.ok) return metadata;
    const provider = { metadata: metadata.value, keys: this.#keysOf(issuer, metadata.value.jwksUri) };
    this.#remember(issuer, provider);
    return ok(provider);
  }

  /** Keys already fetched stay as long as their address is the same. */
  #keysOf(issuer: string, jwksUri: URL): RemoteJWKSet {
    const known = this.#entries.get(issuer)?.provider;
    if (known?.metadata.jwksUri.href === jwksUri.href) return known.keys;
    return createRemoteJWKSet(jwksUri, {
      cooldownDuration: KEY_COOLDOWN_MS,
      cacheMaxAge: KEYS_FRESH_MS,
      timeoutDuration: this.#transport.policy.timeoutMs,
      [joseFetch]: this.#transport.fetch,
    });
  }

  #remember(issuer: string, provider: Provider): void {
    this.#entries.delete(issuer);
    this.#entries.set(issuer, { provider, fetchedAt: this.#clock.now() });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_PROVIDERS && oldest !== undefined) this.#entries.delete(oldest);
  }
}
