import { invariant } from '@huitong/kernel'
import type { Vault, WrappedKey } from '@huitong/party'
import Type from 'typebox'
import { Value } from 'typebox/value'
import type { Card, CardSecret } from './card.ts'

/** The name under which a card is sealed, so that nothing else can be passed off as one. */
const FIELD = 'channels.card'
const Secret = Type.Object({ number: Type.String(), holder: Type.String() })

export function sealCard(vault: Vault, key: WrappedKey, { number, holder }: CardSecret): Uint8Array {
  return vault.seal(key, FIELD, JSON.stringify({ number, holder }))
}

export function openCard(vault: Vault, key: WrappedKey, { sealed }: Pick<Card, 'sealed'>): CardSecret {
  const secret: unknown = JSON.parse(vault.open(key, FIELD, sealed))
  invariant(Value.Check(Secret, secret), 'a sealed card has a number and a holder')
  return secret
}

/** Finds the same card of the same customer without keeping its number. */
export function fingerprintOf(vault: Pick<Vault, 'index'>, customer: number, bank: string, number: string): string {
  return vault.index('bank-card', `${customer} ${bank} ${number}`)
}
