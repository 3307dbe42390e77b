/** Just enough of the Distinguished Encoding Rules (ITU-T X.690) to write a certificate. */
const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OBJECT_IDENTIFIER = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const CONTEXT_CONSTRUCTED = 0xa0;

const SHORT_LENGTH = 0x80;
const SEVEN_BITS = 0x7f;
const FIRST_GENERALIZED_YEAR = 2050;

const encode = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), encodeLength(content.length), content]);
};

function encodeLength(length: number): Buffer {
  if (length < SHORT_LENGTH) return Buffer.of(length);
  const hexadecimal = length.toString(16);
  const bytes = Buffer.from(hexadecimal.padStart(hexadecimal.length + (hexadecimal.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.of(SHORT_LENGTH | bytes.length), bytes]);
}

export const sequence = (...parts: readonly Buffer[]): Buffer => encode(SEQUENCE, ...parts);

export const set = (...parts: readonly Buffer[]): Buffer => encode(SET, ...parts);

/** A positive integer: a leading one bit gets a zero byte before it. */
export const positiveInteger = (bytes: Buffer): Buffer =>
  encode(INTEGER, (bytes[0] ?? 0) > SEVEN_BITS ? Buffer.concat([Buffer.of(0), bytes]) : bytes);

export const bitString = (bytes: Buffer): Buffer => encode(BIT_STRING, Buffer.of(0), bytes);

export const utf8String = (text: string): Buffer => encode(UTF8_STRING, Buffer.from(text));

/** @param dotted such as `1.2.840.113549.1.1.11` */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const arcs = [first * 40 + second, ...rest].flatMap((arc) => {
    const bytes = [arc & SEVEN_BITS];
    for (let left = arc >>> 7; left > 0; left >>>= 7) bytes.unshift((left & SEVEN_BITS) | SHORT_LENGTH);
    return bytes;
  });
  return encode(OBJECT_IDENTIFIER, Buffer.from(arcs));
}

/** UTCTime with two digits of the year up to 2049, GeneralizedTime from then on (RFC 5280 4.1.2.5). */
export function time(milliseconds: number): Buffer {
  const digits = `${new Date(milliseconds).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  return Number(digits.slice(0, 4)) < FIRST_GENERALIZED_YEAR
    ? encode(UTC_TIME, Buffer.from(digits.slice(2)))
    : encode(GENERALIZED_TIME, Buffer.from(digits));
}

/** An explicitly tagged part, such as the version of a certificate. */
export const explicit = (tag: number, part: Buffer): Buffer => encode(CONTEXT_CONSTRUCTED | tag, part);
