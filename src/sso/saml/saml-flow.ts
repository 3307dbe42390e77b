import { randomBytes } from 'node:crypto';
import type { SsoConnectionService } from '../../directory/sign-on/sso-connection-service.js';
import type { SamlConnection } from '../../directory/sign-on/sso-connection.js';
import type { SsoFlow, SsoFlowService } from '../../directory/sign-on/sso-flow-service.js';
import type { Clock } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { IdpMetadataDirectory } from './metadata/idp-metadata-directory.js';
import { readIdentity, type ReadIdentity } from './read-identity.js';
import { authnRequestUrl, type SamlParty } from './saml-messages.js';
import { serviceProviderOf } from './service-provider.js';
import type { SamlRefusal } from './verify/saml-refusal.js';
import type { VerificationSettings } from './verify/verification-settings.js';
import type { VerifiedAssertion } from './verify/verified-assertion.js';
import { verifySamlResponse } from './verify/verify-saml-response.js';

export interface SamlFlowParts {
  readonly ssoConnections: SsoConnectionService;
  readonly ssoFlows: SsoFlowService;
  readonly metadata: IdpMetadataDirectory;
  readonly clock: Clock;
  /** PUBLIC_URL, without a slash at the end. */
  readonly publicUrl: string;
}

export interface SamlStart {
  readonly purpose: 'login' | 'test';
  readonly browserSecret: string;
  readonly returnTo: string | undefined;
  /** The admin who tests. */
  readonly userId: string | undefined;
  /** Secret of the session that the browser has now, which a sign-in ends. */
  readonly replaces: string | undefined;
}

/** The fields of the HTTP-POST binding. */
export interface SamlPost {
  readonly response: string;
  readonly relayState: string | undefined;
}

/** What a response led to: a person, or a refusal; and the flow it belongs to, once that is known. */
export interface SamlFinish {
  /** Undefined for what was not asked for, and for what nobody here waits for. */
  readonly flow: SsoFlow | undefined;
  readonly result: Result<SamlPerson, SamlRefusal>;
}

export interface SamlPerson extends ReadIdentity {
  readonly assertion: VerifiedAssertion;
}

/** RelayState of ours: 256 bits of base64url. Whatever else an identity provider sends there is not. */
const STATE = /^[\w-]{43}$/;
const REQUEST_ID_BYTES = 20;

/** An ID of XML Signature: does not begin with a digit. */
export const newMessageId = (): string => `_${randomBytes(REQUEST_ID_BYTES).toString('hex')}`;

/** Sign-ins at SAML identity providers from their begin to a verified person; what becomes of the person is decided elsewhere. */
export class SamlFlow {
  readonly #parts: SamlFlowParts;

  constructor(parts: SamlFlowParts) {
    this.#parts = parts;
  }

  /** Begins a sign-in: the address of the identity provider to send the browser to. */
  async start(connection: SamlConnection, { replaces, ...start }: SamlStart): Promise<string> {
    const requestId = newMessageId();
    const party = await this.party(connection);
    const { state } = await this.#parts.ssoFlows.start(connection.organizationId, {
      ssoConnectionId: connection.id,
      requestId,
      ...start,
      ...(replaces !== undefined && { secrets: { replaces } }),
    });
    return authnRequestUrl(party, requestId, state);
  }

  /**
   * Takes a response. A flow is ended by its first answer, whatever that is worth, and an assertion counts once.
   * @param browserSecret of the browser that brings it
   */
  async finish(
    connection: SamlConnection,
    { response, relayState }: SamlPost,
    browserSecret: string | undefined,
  ): Promise<SamlFinish> {
    const { organizationId, id, isEnabled, settings } = connection;
    const isAnswer = relayState !== undefined && STATE.test(relayState);
    if (!isAnswer) {
      const refusal = !isEnabled
        ? DISABLED
        : settings.allowsIdpInitiated
          ? undefined
          : {
              code: 'unsolicited' as const,
              detail: 'this connection takes answers to its own requests only',
            };
      return {
        flow: undefined,
        result: refusal ? err(refusal) : await this.#verify(connection, response, undefined),
      };
    }
    if (browserSecret === undefined)
      return {
        flow: undefined,
        result: refuse('browser_mismatch', 'the browser brings no cookie of a sign-in'),
      };
    const flow = await this.#parts.ssoFlows.consume(organizationId, id, { state: relayState, browserSecret });
    const { requestId } = flow ?? {};
    if (flow === undefined || requestId === undefined || flow.purpose === 'logout')
      return {
        flow: undefined,
        result: refuse('flow_unknown', 'nobody in this browser waits for it, or not any more'),
      };
    if (flow.purpose === 'login' && !isEnabled) return { flow, result: err(DISABLED) };
    return { flow, result: await this.#verify(connection, response, requestId) };
  }

  /** A connection with its keys, and its identity provider as it is known now. */
  async party(connection: SamlConnection, isDoubted = false): Promise<SamlParty> {
    const [identityProvider, secrets] = await Promise.all([
      this.#parts.metadata.find(connection, { isDoubted }),
      this.#parts.ssoConnections.samlSecrets(connection),
    ]);
    const serviceProvider = serviceProviderOf(this.#parts.publicUrl, connection.id);
    return { serviceProvider, identityProvider, settings: connection.settings, secrets };
  }

  async #verify(
    connection: SamlConnection,
    response: string,
    requestId: string | undefined,
  ): Promise<Result<SamlPerson, SamlRefusal>> {
    const assertion = await this.#verifySignature(connection, response, requestId);
    if (!assertion.ok) return assertion;
    const { id, rememberUntil } = assertion.value;
    const isNew = await this.#parts.ssoFlows.consumeAssertion(
      connection.organizationId,
      connection.id,
      id,
      rememberUntil,
    );
    if (!isNew) return refuse('replayed', 'the assertion was used before');
    const person = readIdentity(connection, assertion.value);
    return person.ok ? ok({ ...person.value, assertion: assertion.value }) : person;
  }

  /** A signature that does not hold may be by a key that is newer than the metadata known here. */
  async #verifySignature(
    connection: SamlConnection,
    message: string,
    requestId: string | undefined,
  ): Promise<Result<VerifiedAssertion, SamlRefusal>> {
    const party = await this.party(connection);
    const now = this.#parts.clock.now();
    const verdict = await verifySamlResponse(message, { settings: verificationOf(party), now, requestId });
    const isDoubted = !verdict.ok && verdict.error.code === 'signature_invalid';
    if (!isDoubted || connection.settings.metadataUrl === undefined) return verdict;
    const renewed = await this.party(connection, true);
    if (renewed.identityProvider === party.identityProvider) return verdict;
    return verifySamlResponse(message, { settings: verificationOf(renewed), now, requestId });
  }
}

const DISABLED: SamlRefusal = { code: 'connection_disabled', detail: 'the connection is switched off' };

const refuse = (code: SamlRefusal['code'], detail: string): Result<never, SamlRefusal> =>
  err({ code, detail });

function verificationOf({
  serviceProvider,
  identityProvider,
  settings,
  secrets,
}: SamlParty): VerificationSettings {
  return {
    entityId: serviceProvider.entityId,
    acsUrl: serviceProvider.acsUrl,
    issuer: settings.idpEntityId,
    certificates: identityProvider.certificates,
    wantAssertionSigned: settings.requiredSignature !== 'response',
    wantResponseSigned: settings.requiredSignature !== 'assertion',
    wantAssertionEncrypted: settings.wantsEncryptedAssertions,
    decryptionKey: secrets.privateKey,
  };
}
