import { isUtf8 } from 'node:buffer';
import { LIMITS } from '../../../kernel/limits.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import { parseXml } from '../xml/parse-xml.js';
import type { XmlElement } from '../xml/xml-element.js';
import type { SamlRefusal } from './saml-refusal.js';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const BASE64_GROWTH = 4 / 3;
/** Line ends every 64 or 76 characters. */
const LINE_BREAK_GROWTH = 1.05;

const BYTE_ORDER_MARK = '\ufeff';

export interface DecodedMessage {
  readonly xml: string;
  readonly root: XmlElement;
}

/** Decodes a message of the HTTP POST binding (SAML bindings 3.5.4): base64 of UTF-8, under a cap, read strictly. */
export function decodeMessage(base64: string): Result<DecodedMessage, SamlRefusal> {
  if (base64.length > LIMITS.samlMessageBytes * BASE64_GROWTH * LINE_BREAK_GROWTH + 4)
    return err({ code: 'too_large', detail: `longer than ${LIMITS.samlMessageBytes} bytes` });
  const compact = base64.replace(/[\r\n\t ]/g, '');
  if (compact === '' || !BASE64.test(compact)) return err({ code: 'malformed', detail: 'not base64' });
  return readMessage(Buffer.from(compact, 'base64'));
}

/** Reads the XML of a message from its bytes, under the same cap. */
export function readMessage(bytes: Buffer): Result<DecodedMessage, SamlRefusal> {
  if (bytes.length > LIMITS.samlMessageBytes)
    return err({ code: 'too_large', detail: `longer than ${LIMITS.samlMessageBytes} bytes` });
  if (!isUtf8(bytes)) return err({ code: 'malformed', detail: 'not UTF-8' });
  const text = bytes.toString('utf8');
  return readXml(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
}

/** Reads XML that is text already, strictly. */
export function readXml(xml: string): Result<DecodedMessage, SamlRefusal> {
  const parsed = parseXml(xml);
  if (parsed.ok) return ok({ xml, root: parsed.value });
  const { kind, detail } = parsed.error;
  switch (kind) {
    case 'forbidden':
      return err({ code: 'forbidden_markup', detail });
    case 'malformed':
      return err({ code: 'malformed', detail });
    case 'too_complex':
      return err({ code: 'too_large', detail });
  }
}
