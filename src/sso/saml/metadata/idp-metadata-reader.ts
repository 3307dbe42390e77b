import { invalid } from '../../../directory/sign-on/check-values.js';
import type {
  SamlIdentityProvider,
  SamlMetadataReader,
} from '../../../directory/sign-on/saml-identity-provider.js';
import { isOutboundError, type OutboundFetch } from '../../../http/index.js';
import { err, type Result } from '../../../kernel/result.js';
import { parseIdpMetadata } from './parse-idp-metadata.js';

/** Reads the metadata of identity providers, fetched under the rules for addresses that others chose. */
export class IdpMetadataReader implements SamlMetadataReader {
  readonly #fetch: OutboundFetch;

  constructor(fetch: OutboundFetch) {
    this.#fetch = fetch;
  }

  async fromUrl(url: string): Promise<SamlIdentityProvider> {
    const found = await this.read(url);
    if (found.ok) return found.value;
    throw invalid('metadataUrl', `the document there ${found.error}`);
  }

  fromXml(xml: string): SamlIdentityProvider {
    const found = parseIdpMetadata(xml);
    if (found.ok) return found.value;
    throw invalid('metadataXml', `the document ${found.error}`);
  }

  /** @returns what is wrong, as a phrase that follows "the document", or what the document says */
  async read(url: string): Promise<Result<SamlIdentityProvider, string>> {
    try {
      const answer = await this.#fetch(url, {
        headers: { accept: 'application/samlmetadata+xml, text/xml' },
      });
      if (answer.status !== 200) return err(`cannot be fetched: the server answers ${answer.status}`);
      return parseIdpMetadata(await answer.text());
    } catch (error) {
      if (isOutboundError(error)) return err(`cannot be fetched: ${error.problem.replaceAll('_', ' ')}`);
      throw error;
    }
  }
}
