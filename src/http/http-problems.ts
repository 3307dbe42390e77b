/** What only HTTP can get wrong, beside the catalogue of domain errors. */
export const HTTP_PROBLEMS = {
  'request.unknown_address': {
    status: 404,
    meaning: 'There is nothing at this address.',
    remedy: 'Compare the address with the API documentation: case, spelling, and no slash at the end.',
  },
  'request.method_not_allowed': {
    status: 405,
    meaning: 'This address does not have this method.',
    remedy: 'Use one of the methods that `Allow` names.',
  },
  'request.unsupported_media_type': {
    status: 415,
    meaning: 'The media type of the body is not taken here.',
    remedy: 'Send JSON, and say so: `Content-Type: application/json`.',
  },
  'request.target_too_long': {
    status: 414,
    meaning: 'The address is too long.',
    remedy: 'Shorten the query; a long search can be sent as the body of a POST where the API has one.',
  },
  'request.internal_error': {
    status: 500,
    meaning: 'The server failed; the log has the cause.',
    remedy:
      'Give the `reference` of the answer to whoever runs the server: the log has the cause under this id.',
  },
} as const satisfies Record<
  string,
  { readonly status: number; readonly meaning: string; readonly remedy: string }
>;

export type HttpProblemCode = keyof typeof HTTP_PROBLEMS;
