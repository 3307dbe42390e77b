import { escapeXml } from './escape-xml.js';
import type { XmlAttribute, XmlElement } from './xml-element.js';

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';

/** Writes an element so that it means the same on its own: each element declares its namespaces itself. */
export function serializeXml({ localName, namespace, attributes, children, text }: XmlElement): string {
  const declared = ` xmlns="${escapeValue(namespace)}"`;
  const written = attributes.map(writeAttribute).join('');
  const inside = escapeXml(text).replace(/\r/g, '&#13;') + children.map(serializeXml).join('');
  return `<${localName}${declared}${written}>${inside}</${localName}>`;
}

function writeAttribute({ localName, namespace, value }: XmlAttribute, index: number): string {
  if (namespace === '') return ` ${localName}="${escapeValue(value)}"`;
  if (namespace === XML_NAMESPACE) return ` xml:${localName}="${escapeValue(value)}"`;
  const prefix = `a${index}`;
  return ` xmlns:${prefix}="${escapeValue(namespace)}" ${prefix}:${localName}="${escapeValue(value)}"`;
}

const escapeValue = (value: string): string =>
  escapeXml(value).replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
