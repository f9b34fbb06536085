import { addChannelRoutes, type BankDesk, createBankDesk } from '@huitong/channels'
import type { HttpApp } from '@huitong/http'
import { systemClock } from '@huitong/kernel'
import { createPeerClient } from '@huitong/links'
import { findPersonKey, readIdentityConfirmation } from '@huitong/party'
import { createPaymentQueries } from '@huitong/payments'
import type { PlatformInstitution } from './institution.ts'

/** Asks banks what cannot wait for a message; undefined where the institution has no way to banks. */
export function institutionBankDesk({ db, clock, linkVault, own }: PlatformInstitution): BankDesk | undefined {
  if (own.channels === undefined) return undefined
  const peers = createPeerClient({ db, vault: linkVault, clock, wallClock: systemClock() })
  return createBankDesk(peers, own.channels.member)
}

/** Bank cards, top-ups and withdrawals, where the institution has a way to banks. */
export function addChannelEdges(http: HttpApp, institution: PlatformInstitution): void {
  const { db, committer, modules, vault, clock, chance, own, bankGate: gate } = institution
  const { channels } = own
  const desk = institutionBankDesk(institution)
  if (channels === undefined || desk === undefined) return
  const { outlays } = modules.payments
  addChannelRoutes(http, {
    ...{ db, committer, channels, outlays, desk, gate, trades: createPaymentQueries(db), vault, chance, clock },
    onBound: (customer, card) => confirmByCard(institution, customer, card),
  })
}

/** A bank that knows somebody by document and phone is one of the channels by which a customer's identity is confirmed. */
async function confirmByCard(
  { db, committer, modules, vault }: PlatformInstitution,
  customer: number,
  card: string,
): Promise<void> {
  const key = await db.read((tx) => findPersonKey(tx, customer))
  if (key === undefined) return
  const confirmation = readIdentityConfirmation({ customer, factor: 'bank_card', reference: card }, key, vault)
  if (!confirmation.ok) return
  const kind = modules.pricing.commands.confirmIdentity
  // What is confirmed already is refused, and stays as it is.
  await committer.submit({ kind, input: confirmation.value, idempotency: { caller: 'channels', key: card } })
}
