import { err, ok, type Result } from '@huitong/kernel'

/** Sessions and passkeys are for TLS; only a machine's own `localhost` does without. */
export function publicOrigin(text: string | undefined): Result<string | undefined, string> {
  if (text === undefined || text === '') return ok(undefined)
  const url = URL.parse(text)
  const whole = url !== null && url.origin === text.replace(/\/$/, '').toLowerCase()
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && url.hostname === 'localhost')
  if (url !== null && whole && safe && /[a-z]/.test(url.hostname)) return ok(url.origin)
  return err('HUITONG_ORIGIN must be an origin with a domain, such as https://pay.example.com.')
}
