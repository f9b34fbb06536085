import { invariant, type Micros } from '@huitong/kernel'

/** A current account as the bank knows it. Its money, and whether it is open, frozen or closed, is the ledger's to say. */
export interface BankAccount {
  readonly number: string
  readonly customer: number
  readonly account: number
  /** Keyed hashes of the holder's name in documents, identity number and phone: they can be compared and not read. */
  readonly nameHash: string
  readonly identityHash: string
  readonly phoneHash: string
  readonly singleMaxMinor: bigint
  readonly dayMaxMinor: bigint
  readonly spentOn: string | null
  readonly spentMinor: bigint
  /** How often the four factors were wrong on that day. */
  readonly wrongFactors: number
  readonly wrongOn: string | null
  readonly openedAt: Micros
}

/** What counts against limits of a day; a new day begins with nothing. */
export interface DayCount {
  readonly spentOn: string | null
  readonly spentMinor: bigint
}

export function spentToday({ spentOn, spentMinor }: DayCount, day: string): bigint {
  return spentOn === day ? spentMinor : 0n
}

/** Counts what is spent, or with a negative amount what comes back of what was spent on that day. */
export function counted(of: DayCount, day: string, amountMinor: bigint): DayCount {
  const sum = spentToday(of, day) + amountMinor
  const spentMinor = sum > 0n ? sum : 0n
  return { spentOn: spentMinor === 0n ? null : day, spentMinor }
}

export function assertAccount(account: BankAccount): BankAccount {
  invariant(/^\d{16,19}$/.test(account.number), 'an account number has 16 to 19 digits')
  invariant((account.spentOn === null) === (account.spentMinor === 0n), 'what was spent, was spent on a day')
  return account
}

/** Issuer, a running number, and the check digit of ISO/IEC 7812: a number mistyped in one place is no account's. */
export function accountNumberOf(issuer: string, counter: number): string {
  const body = `${issuer}${String(counter).padStart(12, '0')}`
  invariant(/^\d{15,18}$/.test(body), 'an account number has digits only')
  return `${body}${luhnDigit(body)}`
}

function luhnDigit(body: string): number {
  const sum = [...body].toReversed().reduce((total, char, place) => {
    const doubled = Number(char) * (place % 2 === 0 ? 2 : 1)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return (10 - (sum % 10)) % 10
}
