import { markup, renderPage, type PageAnswer } from '../../../pages/index.js';
import type { SamlPost } from '../saml-flow.js';

/**
 * On plain HTTP browsers keep cookies back from the post of another site, and take none that would be sent with it. The person
 * posts the answer again, from a page of ours. Only ever seen where the server is tried out without TLS.
 * @param action path of the assertion consumer service
 */
export function renderPostAgain(
  basePath: string,
  action: string,
  { response, relayState }: SamlPost,
): PageAnswer {
  const body = markup`<h1>One more step</h1>
    <p class="lead">
      This server is reached without TLS, where browsers do not tell it at once who comes back from the identity provider.
    </p>
    <form class="card" method="post" action="${action}">
      <input type="hidden" name="SAMLResponse" value="${response}" />
      ${relayState === undefined ? undefined : markup`<input type="hidden" name="RelayState" value="${relayState}" />`}
      <button type="submit">Continue</button>
    </form>`;
  return { status: 200, body: renderPage({ title: 'One more step', body, basePath }) };
}
