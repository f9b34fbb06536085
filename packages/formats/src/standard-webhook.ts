import { createPublicKey, type KeyObject, sign } from 'node:crypto'
import { invariant } from '@huitong/kernel'

/*
 * Standard Webhooks (https://www.standardwebhooks.com), signed with Ed25519 (`v1a`): the receiver checks with a public key, so that there is
 * no secret to keep for each of them on either side.
 */

export interface WebhookMessage {
  /** The same on every delivery of the same content. No dots. */
  readonly id: string
  /** Seconds since 1970, of this delivery. */
  readonly timestamp: number
  readonly body: string
}

/** The headers of a delivery: id, time, and the signature over both and the body. */
export function webhookHeaders(
  { id, timestamp, body }: WebhookMessage,
  key: KeyObject,
): Readonly<Record<string, string>> {
  const signature = sign(null, Buffer.from(`${id}.${timestamp}.${body}`, 'utf8'), key).toString('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1a,${signature}` }
}

/** The public half of an Ed25519 key in the form in which receivers get it: `whpk_` and its 32 bytes in base64. */
export function webhookPublicKey(key: KeyObject): string {
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  invariant(typeof x === 'string', 'a webhook is signed with an Ed25519 key')
  return `whpk_${Buffer.from(x, 'base64url').toString('base64')}`
}
