import type { WorkingSet, WorkingTable } from '@huitong/committer'
import type { Books } from './books.ts'
import type { AccountName, ImportedAccount, ImportedLeg, ImportedTransfer } from './import-line.ts'
import { accountReferenceTable, transferReferenceTable } from './import-store.ts'
import { isLedgerRefusalCode, LEDGER_REFUSALS, type LedgerRefusalCode } from './ledger-refusals.ts'
import { isOwn, SUBJECTS } from './subjects.ts'

/** What became of a line. */
export type LineVerdict =
  | { readonly is: 'accepted' | 'repeated' }
  | { readonly is: 'refused'; readonly refusal: { readonly code: string; readonly detail: string } }

const ACCEPTED: LineVerdict = { is: 'accepted' }
const REPEATED: LineVerdict = { is: 'repeated' }

function refused(code: string, detail?: string): LineVerdict {
  const text = isLedgerRefusalCode(code) ? LEDGER_REFUSALS[code] : code
  return { is: 'refused', refusal: { code, detail: detail === undefined ? text : `${text} (${detail})` } }
}

/** The ledger as the lines of a file see it: accounts and transfers have names that their file gave them. */
export class ImportBooks {
  readonly #set: WorkingSet
  readonly #books: Books
  readonly #accounts: WorkingTable<string, number>
  readonly #transfers: WorkingTable<string, number>

  constructor(set: WorkingSet, books: Books) {
    this.#set = set
    this.#books = books
    this.#accounts = set.table(accountReferenceTable)
    this.#transfers = set.table(transferReferenceTable)
  }

  /** Announces what is known to be needed before anything is loaded. */
  need(record: ImportedAccount | ImportedTransfer): void {
    if (record.type === 'account') {
      this.#accounts.need(record.reference)
      return
    }
    if (record.reference !== null) this.#transfers.need(record.reference)
    for (const leg of record.legs) {
      this.#needName(leg.debit)
      this.#needName(leg.credit)
    }
  }

  #needName(name: AccountName): void {
    if ('id' in name) {
      this.#books.needAccount(name.id)
      return
    }
    this.#accounts.need(name.reference)
    const id = this.#accounts.peek(name.reference)
    if (id !== undefined) this.#books.needAccount(id)
  }

  /** Announces the accounts behind the references, all of a piece at once: asked for one by one they would take a load each. */
  needAccounts(record: ImportedAccount | ImportedTransfer): void {
    if (record.type === 'account') {
      const known = this.#accounts.get(record.reference)
      if (known !== undefined) this.#books.needAccount(known)
      return
    }
    for (const leg of record.legs) {
      for (const name of [leg.debit, leg.credit]) {
        const id = this.#resolve(name)
        if (id !== undefined) this.#books.needAccount(id)
      }
    }
  }

  #resolve(name: AccountName): number | undefined {
    return 'id' in name ? name.id : this.#accounts.get(name.reference)
  }

  /** Brings a line in, wholly or not at all. */
  enter(record: ImportedAccount | ImportedTransfer): LineVerdict {
    const savepoint = this.#set.savepoint()
    const verdict = record.type === 'account' ? this.#open(record) : this.#post(record)
    if (verdict.is === 'refused') this.#set.rollbackTo(savepoint)
    return verdict
  }

  #open({ reference, subject, currency, floorMinor }: ImportedAccount): LineVerdict {
    const known = this.#accounts.get(reference)
    if (known !== undefined) {
      const account = this.#books.account(known)
      const same = account?.subject === subject && account.currency === currency
      return same ? REPEATED : refused('reference_differs', reference)
    }
    // Customers' accounts come with the customer, in commands of the modules that know him.
    if (SUBJECTS[subject].heldFor !== 'institution') return refused('account_needs_approval')
    const opened = this.#books.openAccount({ slot: 0, subject, currency, owner: null, floorMinor })
    if (!opened.ok) return refused(opened.error.code)
    this.#accounts.put(reference, opened.value.id)
    return ACCEPTED
  }

  #post({ reference, legs, effectiveOn }: ImportedTransfer): LineVerdict {
    if (reference !== null && this.#transfers.get(reference) !== undefined) return REPEATED
    const isEntry = legs.length > 1
    let first: number | undefined
    for (const [index, leg] of legs.entries()) {
      const where = isEntry ? `legs[${index}]` : undefined
      const debit = this.#resolve(leg.debit)
      if (debit === undefined) return unknown('debit_account_unknown', leg, where)
      const credit = this.#resolve(leg.credit)
      if (credit === undefined) return unknown('credit_account_unknown', leg, where)
      if (this.#isProtected(debit) || this.#isProtected(credit)) return refused('account_needs_approval', where)
      const { amountMinor, currency, code } = leg
      const entry = isEntry ? (first ?? 'new') : null
      const request = { debit, credit, amountMinor, currency, code, reference: null, effectiveOn, entry } as const
      const posted = this.#books.transfer(request)
      if (!posted.ok) return refused(posted.error.code, where)
      first ??= posted.value.id
    }
    if (reference !== null && first !== undefined) this.#transfers.put(reference, first)
    return ACCEPTED
  }

  #isProtected(id: number): boolean {
    const account = this.#books.account(id)
    return account !== undefined && !isOwn(account.subject)
  }
}

function unknown(
  code: Extract<LedgerRefusalCode, `${string}_account_unknown`>,
  leg: ImportedLeg,
  where: string | undefined,
): LineVerdict {
  const name = code === 'debit_account_unknown' ? leg.debit : leg.credit
  const what = 'reference' in name ? name.reference : undefined
  return refused(code, [where, what].filter((one) => one !== undefined).join(': ') || undefined)
}
