/**
 * Passport's side of SAML. passport-saml takes the response out of the request and asks its SAML object whether to believe it;
 * that object is ours here, so that nothing is believed but by the flow and its gate.
 */
import { AbstractStrategy, SAML } from '@node-saml/passport-saml';
import type { Profile } from '@node-saml/node-saml';
import type { PassportStatic, Strategy } from 'passport';
import type { Request, RequestHandler, Response } from 'express';
import type { SamlFinish, SamlPost } from './saml-flow.js';

type Finish = (post: SamlPost) => Promise<SamlFinish>;

interface FinishProfile extends Profile {
  readonly finish: SamlFinish;
}

/** Options the constructor wants; nothing is built or verified by them. */
const UNUSED_OPTIONS = { issuer: 'unused', callbackUrl: 'unused', idpCert: 'unused' };

class FlowSaml extends SAML {
  readonly #finish: Finish;

  constructor(finish: Finish) {
    super(UNUSED_OPTIONS);
    this.#finish = finish;
  }

  override async validatePostResponseAsync(
    container: Record<string, string>,
  ): Promise<{ profile: Profile; loggedOut: boolean }> {
    const finish = await this.#finish({
      response: container['SAMLResponse'] ?? '',
      relayState: container['RelayState'],
    });
    const profile: FinishProfile = { issuer: '', nameID: '', nameIDFormat: '', finish };
    return { profile, loggedOut: false };
  }
}

class SamlStrategy extends AbstractStrategy {
  constructor(finish: Finish) {
    const verify = (profile: Profile | null, done: (error: Error | null, user?: Profile) => void): void => {
      done(null, profile ?? undefined);
    };
    super(UNUSED_OPTIONS, verify, verify);
    this._saml = new FlowSaml(finish);
  }
}

/**
 * Lets passport take the response that is in `post`.
 * @throws (rejects) what `finish` threw
 */
export function authenticate(
  passport: Pick<PassportStatic, 'authenticate'>,
  request: Request,
  response: Response,
  post: SamlPost,
  finish: Finish,
): Promise<SamlFinish> {
  request.body = { SAMLResponse: post.response, RelayState: post.relayState };
  return new Promise((resolve, reject) => {
    const answer = (error: unknown, profile?: FinishProfile | false): void => {
      if (profile !== undefined && profile !== false) resolve(profile.finish);
      else reject(error instanceof Error ? error : new Error('passport gave no profile', { cause: error }));
    };
    // passport-saml brings the types of an older Express along.
    const strategy = new SamlStrategy(finish) as unknown as Strategy;
    const middleware = passport.authenticate(strategy, { session: false }, answer) as RequestHandler;
    void middleware(request, response, reject);
  });
}
