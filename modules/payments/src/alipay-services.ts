import type { Committer } from '@huitong/committer'
import type { Chance, Clock } from '@huitong/kernel'
import type { Vault } from '@huitong/party'
import type { AlipayPeople } from './alipay-people.ts'
import type { Payments } from './payments.ts'
import type { PaymentQueries } from './payments-queries.ts'

/** What the methods of the gateway work with. */
export interface AlipayServices {
  readonly committer: Pick<Committer, 'submit'>
  readonly payments: Payments
  readonly queries: PaymentQueries
  readonly people: AlipayPeople
  readonly vault: Vault
  readonly clock: Clock
  readonly chance: Chance
  /** The address that a buyer's wallet opens for the token of an order code. */
  readonly orderCodeUrl: (token: string) => string
}
