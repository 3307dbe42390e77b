/** Error keywords of RFC 7644 section 3.12 and RFC 9865 section 2.1. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive'
  | 'invalidCursor'
  | 'expiredCursor'
  | 'invalidCount';

/** Why a SCIM request is refused. Parsers return it; the router turns it into an Error resource. */
export interface ScimProblem {
  /** HTTP status code. */
  readonly status: number;
  readonly scimType?: ScimType;
  /** Names the attribute or parameter at fault; safe to show to the client. */
  readonly detail: string;
}

/** A 400 with an error keyword. */
export const badRequest = (scimType: ScimType, detail: string): ScimProblem => ({
  status: 400,
  scimType,
  detail,
});
