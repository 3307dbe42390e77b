import { badRequest, type ScimProblem } from '../problem.js';

/** Why a filter is refused: 400 invalidFilter, or 403 sensitive (RFC 7644 section 3.12). */
export type FilterProblem = ScimProblem & {
  /**
   * Set when the first fault is an attribute that this resource type does not have, as the client wrote it. A query
   * over several resource types can then take it as "nothing of this type matches" (RFC 7644 section 3.4.2.1).
   */
  readonly unknownAttribute?: string;
};

const EXCERPT_LENGTH = 80;

/** Client text for a detail, in quotes and cut to 80 characters. */
export const quoteExcerpt = (text: string): string => `"${cutText(text)}"`;

const cutText = (text: string): string =>
  text.length > EXCERPT_LENGTH ? `${text.slice(0, EXCERPT_LENGTH - 1)}…` : text;

export const invalidFilter = (detail: string): FilterProblem => badRequest('invalidFilter', detail);

export const unknownAttribute = (name: string): FilterProblem => ({
  ...invalidFilter(`The filter names an unknown attribute: ${quoteExcerpt(name)}.`),
  unknownAttribute: cutText(name),
});

/** RFC 7644 section 7.5.2: a filter must not serve to guess values that are never returned. */
export const sensitiveAttribute = (name: string): FilterProblem => ({
  status: 403,
  scimType: 'sensitive',
  detail: `${name} cannot be used in a filter.`,
});
