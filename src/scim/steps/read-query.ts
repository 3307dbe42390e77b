import { NO_PARAMETERS, type QueryParameters } from '../exchange.js';

/**
 * Reads a query string: `+` is a space (Entra), names in any case (Microsoft's inbound poller sends `startindex`),
 * unknown names ignored (the Entra flag `?aadOptscim062020`).
 */
export function readQuery(search: string): QueryParameters {
  if (search.length <= 1) return NO_PARAMETERS;
  const query = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(search)) {
    const key = name.toLowerCase();
    const values = query.get(key);
    if (values) values.push(value);
    else query.set(key, [value]);
  }
  return query;
}
