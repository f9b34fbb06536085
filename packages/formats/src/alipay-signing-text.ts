/** The text under a v2 request, notification or return: `name=value` sorted by name and joined by `&`, values as decoded. */
export function alipaySigningText(
  parameters: Iterable<readonly [string, string]>,
  without: readonly string[],
  keepEmpty: boolean,
): string {
  return [...parameters]
    .filter(([name, value]) => !without.includes(name) && (keepEmpty || value !== ''))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}
