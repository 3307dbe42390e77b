/** In this order: most browsers also name the ones they descend from. */
const BROWSERS: readonly (readonly [string, string])[] = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
];
const SYSTEMS: readonly (readonly [string, string])[] = [
  ['Windows', 'Windows'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Android', 'Android'],
  ['Mac OS X', 'macOS'],
  ['Linux', 'Linux'],
];

/** A User-Agent in words that a person can tell their browsers apart by. It is a claim, and nothing rests on it. */
export function describeBrowser(userAgent: string | undefined): string {
  const text = userAgent ?? '';
  const browser = BROWSERS.find(([mark]) => text.includes(mark))?.[1];
  const system = SYSTEMS.find(([mark]) => text.includes(mark))?.[1];
  if (browser === undefined) return text === '' ? 'Unknown browser' : text;
  return system === undefined ? browser : `${browser} on ${system}`;
}
