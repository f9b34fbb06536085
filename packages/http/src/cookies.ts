import { fastifyCookie } from '@fastify/cookie'
import type { FastifyInstance } from 'fastify'

export interface CookieOptions {
  readonly maxAgeSeconds: number
  /** Only over TLS. Off on a plain http://127.0.0.1, where browsers would not keep it. */
  readonly secure: boolean
  readonly path?: string
  /** `lax` unless told: a link from elsewhere finds people signed in, a form from elsewhere does not. */
  readonly sameSite?: 'lax' | 'strict'
}

/** Must have run before any of the functions below: the library loads its reader only when it is registered. */
export async function loadCookies(app: FastifyInstance): Promise<void> {
  await app.register(fastifyCookie, { hook: false })
}

/** The `set-cookie` value of a cookie that scripts cannot read. */
export function setCookie(name: string, value: string, options: CookieOptions): string {
  return fastifyCookie.serialize(name, value, {
    maxAge: options.maxAgeSeconds,
    secure: options.secure,
    path: options.path ?? '/',
    sameSite: options.sameSite ?? 'lax',
    httpOnly: true,
  })
}

/** The `set-cookie` value that makes a browser forget a cookie. */
export function clearCookie(name: string, options: Pick<CookieOptions, 'secure' | 'path'>): string {
  return setCookie(name, '', { ...options, maxAgeSeconds: 0 })
}

export function parseCookies(header: string | undefined): Readonly<Record<string, string | undefined>> {
  return header === undefined ? {} : fastifyCookie.parse(header)
}
