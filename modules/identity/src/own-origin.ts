/** The headers that tell where a browser's request came from. */
export interface OriginHeaders {
  readonly host?: string | undefined
  readonly origin?: string | readonly string[] | undefined
  readonly 'sec-fetch-site'?: string | readonly string[] | undefined
}

export interface OriginRequest {
  readonly headers: OriginHeaders
  /** `https` when the request is known to have come over TLS. Anything else says little: a proxy before us may have ended TLS. */
  readonly protocol?: string
}

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/** Whether a method promises to change nothing, so that no page can do harm with it. */
export function isSafeMethod(method: string): boolean {
  return SAFE_METHODS.includes(method)
}

/**
 * Whether a request that rides on a cookie was made by a page of ours. Browsers send `Origin` with everything that can change
 * something; its host must be the one the request went to, and over TLS its scheme too, or it must be named in `origins`. SameSite
 * cookies are the first lock of this door and let other hosts of the same site in; this is the second. A page that sends no referrer
 * says `null` for its origin, and so does a sandboxed frame of another site: only `Sec-Fetch-Site` tells the two apart. That header
 * compares schemes as well, in the browser, so it is believed where it denies. Without any of these headers it was no browser's page.
 */
export function isOwnOrigin({ headers, protocol }: OriginRequest, origins: readonly string[]): boolean {
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  if (typeof origin !== 'string' || origin === 'null') {
    return site === 'same-origin' || (origin === undefined && site === 'none')
  }
  if (origins.includes(origin)) return true
  if (site !== undefined && site !== 'same-origin') return false
  const page = URL.parse(origin)
  if (page === null || host === undefined || page.host !== host.toLowerCase()) return false
  return protocol !== 'https' || page.protocol === 'https:'
}
