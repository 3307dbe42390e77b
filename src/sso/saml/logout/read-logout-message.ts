/** Logout messages of an identity provider, by either binding, up to the point where their signature holds. */
import { verify as verifySignature } from 'node:crypto';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { LIMITS } from '../../../kernel/limits.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import { SIGNATURE_ALGORITHMS } from '../saml-names.js';
import { checkIds, checkSignatures } from '../verify/check-signatures.js';
import { decodeMessage, readMessage, readXml, type DecodedMessage } from '../verify/decode-message.js';
import type { SamlRefusal } from '../verify/saml-refusal.js';
import { readSignedElement } from '../verify/signed-assertion.js';
import type { XmlElement } from '../xml/xml-element.js';

const inflate = promisify(inflateRaw);

const refuse = (code: SamlRefusal['code'], detail: string): Result<never, SamlRefusal> =>
  err({ code, detail });

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The parameters of a signed message of the HTTP-Redirect binding, still encoded as they came. */
interface RedirectParameters {
  readonly message: string;
  readonly relayState: string | undefined;
  readonly algorithm: string | undefined;
  readonly signature: string | undefined;
}

/**
 * Reads a LogoutRequest of the HTTP-Redirect binding (SAML bindings 3.4.4.1). The signature is over the parameters as they
 * are encoded in the address, so they are taken apart here and not by a query parser.
 * @param query of the address as it came, without the question mark
 */
export async function readRedirectedRequest(
  query: string,
  certificates: readonly string[],
): Promise<Result<XmlElement, SamlRefusal>> {
  const parameters = readParameters(query);
  if (!parameters.ok) return parameters;
  const { message, relayState, algorithm, signature } = parameters.value;
  if (algorithm === undefined || signature === undefined)
    return refuse('signature_missing', 'the logout request is not signed');
  if (!SIGNATURE_ALGORITHMS.has(decode(algorithm) ?? ''))
    return refuse('weak_algorithm', 'the signature algorithm of the logout request is not accepted');
  const signed = [
    `SAMLRequest=${message}`,
    ...(relayState === undefined ? [] : [`RelayState=${relayState}`]),
    `SigAlg=${algorithm}`,
  ].join('&');
  const isSigned = verifyRedirect(signed, decode(algorithm) ?? '', decode(signature) ?? '', certificates);
  if (!isSigned)
    return refuse('signature_invalid', 'no certificate of the connection verifies the signature');
  const decoded = await inflateMessage(decode(message) ?? '');
  return decoded.ok ? ok(decoded.value.root) : decoded;
}

/** Reads a LogoutRequest of the HTTP-POST binding, from the bytes that were signed. */
export async function readPostedRequest(
  message: string,
  certificates: readonly string[],
): Promise<Result<XmlElement, SamlRefusal>> {
  const decoded = decodeMessage(message);
  if (!decoded.ok) return decoded;
  const { xml, root } = decoded.value;
  const ids = checkIds(root);
  if (!ids.ok) return ids;
  const owners = checkSignatures(root, [root]);
  if (!owners.ok) return owners;
  if (!owners.value.has(root)) return refuse('signature_missing', 'the logout request is not signed');
  const signed = await readSignedElement(xml, certificates);
  if (signed === undefined)
    return refuse('signature_invalid', 'no certificate of the connection verifies the signature');
  const read = readXml(signed);
  return read.ok ? ok(read.value.root) : read;
}

/** Each parameter at most once, and its name as it is: another spelling of one could be taken for it by somebody else. */
function readParameters(query: string): Result<RedirectParameters, SamlRefusal> {
  const values = new Map<string, string>();
  for (const part of query.split('&')) {
    const equals = part.indexOf('=');
    const name = decode(equals === -1 ? part : part.slice(0, equals)) ?? '';
    if (values.has(name)) return refuse('malformed', 'a parameter is given twice');
    values.set(name, equals === -1 ? '' : part.slice(equals + 1));
  }
  const message = values.get('SAMLRequest');
  if (message === undefined || values.has('SAMLResponse'))
    return refuse('unexpected_message', 'a SAMLRequest is required, alone');
  return ok({
    message,
    relayState: values.get('RelayState'),
    algorithm: values.get('SigAlg'),
    signature: values.get('Signature'),
  });
}

function verifyRedirect(
  signed: string,
  algorithm: string,
  signature: string,
  certificates: readonly string[],
): boolean {
  if (!BASE64.test(signature)) return false;
  const digest = algorithm.endsWith('sha512') ? 'sha512' : 'sha256';
  const bytes = Buffer.from(signature, 'base64');
  return certificates.some((certificate) => verifySignature(digest, Buffer.from(signed), certificate, bytes));
}

async function inflateMessage(base64: string): Promise<Result<DecodedMessage, SamlRefusal>> {
  if (!BASE64.test(base64)) return refuse('malformed', 'not base64');
  try {
    return readMessage(
      await inflate(Buffer.from(base64, 'base64'), { maxOutputLength: LIMITS.samlMessageBytes }),
    );
  } catch {
    return refuse('malformed', 'not deflated, or inflated far too long');
  }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
