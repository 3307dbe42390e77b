/** The parts of samlp that the test identity provider uses; the package comes without types. */
declare module 'samlp' {
  import type { RequestHandler } from 'express';

  export interface ProfileMapper {
    getClaims(): Record<string, string | readonly string[]>;
    getNameIdentifier(): { nameIdentifier: string; nameIdentifierFormat?: string };
  }

  export interface AuthOptions {
    issuer: string;
    cert: string;
    key: string;
    audience?: string;
    destination?: string;
    recipient?: string;
    inResponseTo?: string;
    sessionIndex?: string;
    lifetimeInSeconds?: number;
    signatureAlgorithm?: 'rsa-sha1' | 'rsa-sha256';
    digestAlgorithm?: 'sha1' | 'sha256';
    signAssertion?: boolean;
    signResponse?: boolean;
    signingCert?: string;
    encryptionCert?: string;
    encryptionPublicKey?: string;
    encryptionAlgorithm?: string;
    getUserFromRequest(request: unknown): unknown;
    getPostURL(
      audience: string,
      requestDom: unknown,
      request: unknown,
      callback: (error: Error | null, url?: string) => void,
    ): void;
    profileMapper(user: unknown): ProfileMapper;
  }

  export interface Participant {
    serviceProviderId: string;
    nameId: string;
    nameIdFormat: string;
    sessionIndex: string;
    serviceProviderLogoutURL: string;
    cert: string;
    binding?: string;
  }

  export interface LogoutOptions {
    issuer: string;
    cert: string;
    key: string;
    deflate?: boolean;
    protocolBinding?: string;
    sessionParticipants: unknown;
    store: unknown;
  }

  export function auth(options: AuthOptions): RequestHandler;
  export function metadata(options: {
    issuer: string;
    cert: string;
    redirectEndpointPath: string;
    postEndpointPath: string;
    logoutEndpointPaths: { redirect?: string; post?: string };
  }): RequestHandler;
  export function logout(options: LogoutOptions): RequestHandler;
  export function parseRequest(
    request: unknown,
    options: { signingCert?: string },
    callback: (
      error: Error | null,
      data?: { id: string; issuer: string; assertionConsumerServiceURL?: string },
    ) => void,
  ): void;
}

declare module 'samlp/lib/sessionParticipants/index.js' {
  /** A list of sessions, which its methods search. */
  const SessionParticipants: new (sessions: unknown[]) => object;
  export { SessionParticipants as default };
}
