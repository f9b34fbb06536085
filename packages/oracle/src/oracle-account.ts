/** What the oracle answers: `done`, or the code of the refusal. */
export type Told = 'done' | (string & {})

/** What is fixed when an account is opened, in the words of the chart of accounts. */
export interface OracleOpening {
  /** Whether it grows by debits: money that is ours, and what we spend. */
  readonly asset: boolean
  readonly floor: number | null
  readonly currency: string
  /** Customers' and merchants' money, which must not become income by mistake. */
  readonly foreign: boolean
  /** Income or expenses. */
  readonly result: 'income' | 'expense' | null
  readonly openedOn: string
}

export interface OracleAccount extends Omit<OracleOpening, 'floor'> {
  readonly number: number
  floor: number | null
  ceiling: number | null
  state: 'open' | 'frozen' | 'dormant' | 'closed'
  summarised: boolean
  debits: number
  credits: number
  debitsPending: number
  creditsPending: number
  /** How many entries it has. */
  entries: number
  /** Active ones only. */
  readonly freezes: Set<OracleFreeze>
  /** The sets that it is in itself. */
  readonly sets: Set<number>
}

export interface OracleFreeze {
  readonly number: number
  readonly account: number
  readonly rank: number
  /** What is left of its amount; null: the whole account. */
  left: number | null
  readonly blocksIncoming: boolean
  readonly expiresAt: number | null
  state: 'active' | 'lifted' | 'expired' | 'used'
}

export interface OracleHold {
  readonly debit: number
  readonly credit: number
  remaining: number
  expiresAt: number | null
  state: 'pending' | 'captured' | 'voided' | 'expired'
}

export interface OracleTransfer {
  readonly debit: number
  readonly credit: number
  readonly amount: number
  readonly kind: 'posted' | 'promise' | 'reversal' | 'year_end'
  reversed: number
}

function balanceOf(account: OracleAccount): number {
  return account.asset ? account.debits - account.credits : account.credits - account.debits
}

/** The balance less what holds have promised away. */
export function unpromised(account: OracleAccount): number {
  return balanceOf(account) - (account.asset ? account.creditsPending : account.debitsPending)
}

/** The balance with what holds promise to it. */
export function withPromised(account: OracleAccount): number {
  return balanceOf(account) + (account.asset ? account.debitsPending : account.creditsPending)
}

export function frozenOf(account: OracleAccount): number {
  let frozen = 0
  for (const { left } of account.freezes) frozen += left ?? 0
  return frozen
}

export function availableOf(account: OracleAccount): number {
  if (account.floor === null) return Number.POSITIVE_INFINITY
  const frozen = frozenOf(account)
  // While an amount is frozen, a credit line rests.
  return unpromised(account) - (frozen > 0 ? Math.max(account.floor, 0) : account.floor) - frozen
}

/** Whether its state or a whole freeze stops what leaves it, or what comes in. */
export function isStopped(account: OracleAccount, loses: boolean): boolean {
  if (account.state === 'frozen') return true
  for (const { left, blocksIncoming } of account.freezes) {
    if (left === null && (loses || blocksIncoming)) return true
  }
  return false
}
