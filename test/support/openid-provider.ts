import {
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  UnsecuredJWT,
  decodeJwt,
  decodeProtectedHeader,
} from 'jose';
import type { JWK, JWTPayload } from 'jose';
import { randomUUID } from 'node:crypto';
import {
  startOpenIdProvider,
  type OpenIdProvider,
  type OpenIdProviderOptions,
  type ProviderPerson,
} from '../../src/cli/demo/sign-on/openid-provider.js';

/** A real provider, and what a hostile or broken one does otherwise. */
export interface TestProvider extends OpenIdProvider {
  /** Replaces what is done otherwise; nothing is, at first. */
  misbehave(misbehaviour: Misbehaviour): void;
  /** Signs a token with the provider's key, or another one. */
  sign(claims: JWTPayload, options?: SignOptions): Promise<string>;
  /** From now on tokens are signed by a new key, and only that one is published. */
  rotateKey(): Promise<void>;
  /** Paths that were asked for since the start. */
  readonly requests: readonly string[];
}

export interface Misbehaviour {
  /** Changes claims of the ID token before it is signed again. */
  readonly claims?: (claims: JWTPayload) => JWTPayload;
  /** How the ID token is signed again: `none`, by a key nobody knows, or by HMAC with a secret. */
  readonly signature?: 'none' | 'unknown_key' | { readonly hmac: string };
  readonly discovery?: (document: Record<string, unknown>) => Record<string, unknown>;
  readonly userInfo?: (claims: Record<string, unknown>) => Record<string, unknown>;
  /** Answers this status at these paths, without asking anybody. */
  readonly outage?: { readonly paths: readonly string[]; readonly status: number };
  /** Where the browser is sent with the answer. */
  readonly callback?: (url: URL) => URL;
}

export interface SignOptions {
  readonly type?: string | undefined;
  readonly algorithm?: string;
  readonly key?: Parameters<SignJWT['sign']>[0];
  readonly keyId?: string;
}

export const person = (more: Partial<ProviderPerson> = {}): ProviderPerson => {
  const id = more.id ?? randomUUID();
  const email = more.email ?? `${id}@example.com`;
  return {
    id,
    userName: email,
    name: 'Ada Lovelace',
    givenName: 'Ada',
    familyName: 'Lovelace',
    email,
    isEmailVerified: true,
    groups: [],
    ...more,
  };
};

export async function startTestProvider(
  options: Partial<OpenIdProviderOptions> & { readonly people: readonly ProviderPerson[] },
): Promise<TestProvider> {
  const provider = await startOpenIdProvider({ port: 0, host: '127.0.0.1', ...options });
  const requests: string[] = [];
  let misbehaviour: Misbehaviour = {};
  let rotated: { readonly signing: JWK; readonly published: JWK } | undefined;
  const sign: TestProvider['sign'] = async (claims, { type, algorithm = 'RS256', key, keyId } = {}) => {
    const own = rotated?.signing ?? (provider.signingKey as JWK);
    const header = {
      alg: algorithm,
      kid: keyId ?? own.kid ?? '',
      ...(type === undefined ? {} : { typ: type }),
    };
    return new SignJWT(claims).setProtectedHeader(header).sign(key ?? (await importJWK(own, 'RS256')));
  };

  const reSign = async (idToken: string): Promise<string> => {
    const { claims = (same) => same, signature } = misbehaviour;
    const payload = claims(decodeJwt(idToken));
    if (signature === 'none') return new UnsecuredJWT(payload).encode();
    if (signature === 'unknown_key')
      return sign(payload, { key: (await generateKeyPair('RS256')).privateKey });
    if (signature !== undefined)
      return sign(payload, { algorithm: 'HS256', key: new TextEncoder().encode(signature.hmac) });
    const { kid } = decodeProtectedHeader(idToken);
    return sign(payload, rotated === undefined && kid !== undefined ? { keyId: kid } : {});
  };

  provider.library.use(async (context, next) => {
    requests.push(context.path);
    const { outage, discovery, userInfo, callback } = misbehaviour;
    if (outage?.paths.includes(context.path) === true) {
      context.status = outage.status;
      context.body = { error: 'temporarily_unavailable' };
      return;
    }
    await next();
    const body = context.body as Record<string, unknown> | undefined;
    if (context.path === '/token' && typeof body?.['id_token'] === 'string')
      context.body = { ...body, id_token: await reSign(body['id_token']) };
    if (context.path === '/.well-known/openid-configuration' && discovery)
      context.body = discovery(body ?? {});
    if (context.path === '/jwks' && rotated) context.body = { keys: [rotated.published] };
    if (context.path === '/me' && userInfo) context.body = userInfo(body ?? {});
    const location = context.response.get('location');
    if (callback && location.includes('/callback')) context.set('location', callback(new URL(location)).href);
  });

  return {
    ...provider,
    requests,
    sign,
    misbehave: (next) => {
      misbehaviour = next;
    },
    rotateKey: async () => {
      const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
      const kid = randomUUID();
      rotated = {
        signing: { ...(await exportJWK(privateKey)), kid, alg: 'RS256' },
        published: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' },
      };
    },
  };
}
