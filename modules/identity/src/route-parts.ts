import type { Caller } from '@huitong/contract'
import { parseCookies, type RawRequest, setCookie } from '@huitong/http'
import { invariant } from '@huitong/kernel'
import { DEVICE_COOKIE_SECONDS, type DeviceSeen } from './device.ts'
import type { Identity } from './identity.ts'
import type { Session } from './session.ts'

export function ownSession(identity: Pick<Identity, 'sessionOf'>, caller: Caller): Session {
  const session = identity.sessionOf(caller)
  invariant(session !== undefined, 'staff and customers come with a session')
  return session
}

/** The address of a sign-in link, on our own site. */
export function linkUrl(identity: Pick<Identity, 'site'>, token: string): string {
  return `${identity.site().origins[0] ?? ''}/signin/${token}`
}

/** What a browser's request tells of the device it comes from. */
export function deviceSeen(identity: Pick<Identity, 'deviceCookie'>, headers: RawRequest['headers']): DeviceSeen {
  return { token: parseCookies(headers.cookie)[identity.deviceCookie.name], userAgent: headers['user-agent'] }
}

/** Keeps the browser known; null where the device is none. */
export function deviceCookie(
  { deviceCookie }: Pick<Identity, 'deviceCookie'>,
  token: string | null,
): readonly string[] {
  const { name, secure } = deviceCookie
  return token === null ? [] : [setCookie(name, token, { maxAgeSeconds: DEVICE_COOKIE_SECONDS, secure })]
}

const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i

/** The fields of a page's form; none when the body is no form. */
export function formOf({ headers, rawBody }: Pick<RawRequest, 'headers' | 'rawBody'>): URLSearchParams {
  return new URLSearchParams(FORM_TYPE.test(headers['content-type'] ?? '') ? rawBody.toString('latin1') : '')
}
