import type { Config } from '../../config/index.js';
import type { Check } from './check.js';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether identity providers can use PUBLIC_URL, as far as its text tells. */
export function checkPublicUrl({ http }: Config): Check {
  const subject = 'PUBLIC_URL';
  const url = new URL(http.publicUrl);
  if (LOOPBACK.test(url.hostname))
    return {
      subject,
      verdict: 'note',
      finding: `${http.publicUrl} is this machine only; identity providers in the cloud cannot reach it`,
    };
  if (url.protocol === 'http:')
    return { subject, verdict: 'wrong', finding: `${http.publicUrl} sends tokens in the clear; use https` };
  if (url.hostname.includes('_') || url.pathname.includes('_'))
    return { subject, verdict: 'wrong', finding: `${http.publicUrl} has an underscore, which Okta refuses` };
  return { subject, verdict: 'ok', finding: http.publicUrl };
}
