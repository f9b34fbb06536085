import { type Micros, microsFromSeconds } from '@huitong/kernel'
import { alipaySigningText } from './alipay-signing-text.ts'
import type { RsaAlgorithm } from './rsa.ts'

/**
 * The form body of a notification, or the query of a return to the merchant's page. Empty values are left out, because
 * clients do not agree whether they are signed; the signature covers everything but `sign` and `sign_type`. One old client
 * function decodes values a second time and fails on a bare `%`, so senders avoid it where the text is theirs.
 */
export async function signedAlipayForm(
  parameters: Readonly<Record<string, string | undefined>>,
  signType: RsaAlgorithm,
  sign: (text: string) => Promise<string>,
): Promise<string> {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') form.set(name, value)
  }
  form.set('sign_type', signType)
  form.set('sign', await sign(alipayNotificationText(form)))
  return form.toString()
}

/** The text that a notification's signature covers. */
export function alipayNotificationText(parameters: Iterable<readonly [string, string]>): string {
  return alipaySigningText(parameters, ['sign', 'sign_type'], false)
}

/** The content type that goes with the form. */
export const ALIPAY_FORM_TYPE = 'application/x-www-form-urlencoded; charset=utf-8'

/** Whether the merchant has taken the notification: these seven letters and nothing else. A redirect is a failure. */
export function isAcknowledged(httpStatus: number, body: string): boolean {
  return httpStatus === 200 && body === 'success'
}

/** How long to wait before each repetition: eight deliveries within 25 hours, all with the same notify_id. */
export const notificationDelays: readonly Micros[] = [4, 10, 10, 60, 120, 360, 900].map((minutes) =>
  microsFromSeconds(minutes * 60),
)
