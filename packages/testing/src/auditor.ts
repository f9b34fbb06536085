import { type AuditedAccount, type AuditedBalance, type AuditedRequest, AuditorBooks } from './auditor-books.ts'

export type AuditedOutcome = 'accepted' | 'refused'

interface Asked {
  readonly text: string
  readonly requests: readonly AuditedRequest[]
  answer: { readonly outcome: AuditedOutcome; readonly text: string } | undefined
}

/**
 * Knows what every balance must be from requests and answers alone. It shares no code with the product: whatever it says
 * differently is an error of one of the two. Keys are idempotency keys; the requests of one key stand or fall together.
 *
 *     auditor.asked(key, requests)            before a request is sent, and again at each repetition
 *     auditor.answered(key, outcome, text)    for each answer that came back; `text` is all that must not change on repetition
 *     auditor.compare(balances)               when nothing is under way: every difference as a sentence
 */
export class Auditor {
  readonly #books = new AuditorBooks()
  readonly #asked = new Map<string, Asked>()
  readonly #contradictions: string[] = []

  opened(account: string, rules: AuditedAccount): void {
    this.#books.open(account, rules)
  }

  asked(key: string, requests: readonly AuditedRequest[]): void {
    const text = describe(requests)
    const known = this.#asked.get(key)
    if (known === undefined) this.#asked.set(key, { text, requests, answer: undefined })
    else if (known.text !== text) this.#contradictions.push(`the test used key ${key} for two different requests`)
  }

  /** The first answer of a key decides; any later one must be the same. */
  answered(key: string, outcome: AuditedOutcome, text: string): void {
    const asked = this.#asked.get(key)
    if (asked === undefined) {
      this.#contradictions.push(`key ${key} was answered and never asked`)
      return
    }
    if (asked.answer === undefined) {
      asked.answer = { outcome, text }
      if (outcome === 'accepted') this.#contradictions.push(...this.#books.apply(key, asked.requests))
    } else if (asked.answer.outcome !== outcome || asked.answer.text !== text) {
      this.#contradictions.push(
        `key ${key} was answered "${asked.answer.outcome} ${asked.answer.text}" and later "${outcome} ${text}"`,
      )
    }
  }

  /** Time passed a hold by and its expiry was journaled: nobody asked for that, so it has no key. */
  expired(hold: string): void {
    this.#contradictions.push(...this.#books.apply('expiry', [{ kind: 'void', hold }]))
  }

  /** Keys that were asked and not answered: after a crash each is asked for again before balances can be compared. */
  unknownKeys(): readonly string[] {
    return [...this.#asked].filter(([, asked]) => asked.answer === undefined).map(([key]) => key)
  }

  balanceOf(account: string): AuditedBalance | undefined {
    return this.#books.balanceOf(account)
  }

  /** Every difference between what must be and what was found, and every contradiction so far; empty when all is well. */
  compare(found: ReadonlyMap<string, AuditedBalance>): readonly string[] {
    const unknown = this.unknownKeys().map((key) => `key ${key} has no answer yet, so balances are not known`)
    return [...this.#contradictions, ...unknown, ...this.#books.differences(found)]
  }
}

function describe(requests: readonly AuditedRequest[]): string {
  return JSON.stringify(requests, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}
