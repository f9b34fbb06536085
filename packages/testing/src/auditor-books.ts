export interface AuditedAccount {
  /** The side on which the account grows: `credit` for what we owe to customers. */
  readonly normal: 'debit' | 'credit'
  /** What the account may use must not fall below this; null when there is no floor. */
  readonly floorMinor: bigint | null
}

export interface AuditedBalance {
  readonly debitsPosted: bigint
  readonly creditsPosted: bigint
  readonly debitsPending: bigint
  readonly creditsPending: bigint
}

export type AuditedRequest =
  | {
      readonly kind: 'transfer'
      /** By which it is taken back later; one without a name cannot be. */
      readonly transfer?: string
      readonly debit: string
      readonly credit: string
      readonly amountMinor: bigint
    }
  /** Takes a part or all of a transfer back: the same the other way round. */
  | { readonly kind: 'reverse'; readonly transfer: string; readonly amountMinor: bigint }
  | {
      readonly kind: 'hold'
      readonly hold: string
      readonly debit: string
      readonly credit: string
      readonly amountMinor: bigint
    }
  /** Promises more by a hold that is pending. */
  | { readonly kind: 'increase'; readonly hold: string; readonly amountMinor: bigint }
  /** Posts a part or all of a hold; what is left of it is released, unless `keepsRest` says that it stays promised. */
  | { readonly kind: 'post'; readonly hold: string; readonly amountMinor: bigint; readonly keepsRest?: boolean }
  | { readonly kind: 'void'; readonly hold: string }
  /** Freezes and their ends move no money: whatever is frozen, balances stay as they are. */
  | { readonly kind: 'freeze'; readonly freeze: string; readonly account: string }
  | { readonly kind: 'lift'; readonly freeze: string }

interface Hold {
  readonly debit: string
  readonly credit: string
  leftMinor: bigint
  state: 'pending' | 'posted' | 'voided'
}

interface Transfer {
  readonly debit: string
  readonly credit: string
  /** What was not taken back. */
  leftMinor: bigint
}

const nothing: AuditedBalance = { debitsPosted: 0n, creditsPosted: 0n, debitsPending: 0n, creditsPending: 0n }

/** Accounts and holds as accepted requests must have left them. */
export class AuditorBooks {
  readonly #rules = new Map<string, AuditedAccount>()
  readonly #balances = new Map<string, AuditedBalance>()
  readonly #holds = new Map<string, Hold>()
  readonly #transfers = new Map<string, Transfer>()
  readonly #freezes = new Map<string, 'active' | 'lifted'>()

  open(account: string, rules: AuditedAccount): void {
    this.#rules.set(account, rules)
    this.#balances.set(account, nothing)
  }

  balanceOf(account: string): AuditedBalance | undefined {
    return this.#balances.get(account)
  }

  /** Books accepted requests; returns what should never have been accepted, as sentences. */
  apply(key: string, requests: readonly AuditedRequest[]): readonly string[] {
    return requests.flatMap((request) => this.#applyOne(request).map((problem) => `key ${key}: ${problem}`))
  }

  /**
   * Floors are judged here, at rest, and not request by request: answers arrive in another order than the one in which they were
   * decided.
   */
  differences(found: ReadonlyMap<string, AuditedBalance>): readonly string[] {
    const problems: string[] = []
    for (const [account, expected] of this.#balances) {
      const actual = found.get(account)
      if (actual === undefined) problems.push(`account ${account} was not found`)
      else if (text(actual) !== text(expected)) {
        problems.push(`account ${account} shows ${text(actual)} and must show ${text(expected)}`)
      }
      const rules = this.#rules.get(account)
      if (rules !== undefined && rules.floorMinor !== null && usable(rules, expected) < rules.floorMinor) {
        problems.push(`account ${account} was let below its floor: ${usable(rules, expected)} < ${rules.floorMinor}`)
      }
    }
    return problems
  }

  #applyOne(request: AuditedRequest): readonly string[] {
    switch (request.kind) {
      case 'transfer':
        return [
          ...this.#name(request),
          ...positive(request.amountMinor),
          ...this.#add(request.debit, { debitsPosted: request.amountMinor }),
          ...this.#add(request.credit, { creditsPosted: request.amountMinor }),
        ]
      case 'hold':
        if (this.#holds.has(request.hold)) return [`hold ${request.hold} was accepted twice`]
        this.#holds.set(request.hold, { ...request, leftMinor: request.amountMinor, state: 'pending' })
        return [...positive(request.amountMinor), ...this.#pend(request, request.amountMinor)]
      case 'reverse':
        return this.#reverse(request)
      case 'increase':
        return this.#increase(request.hold, request.amountMinor)
      case 'post':
        return this.#close(request.hold, 'posted', request.amountMinor, request.keepsRest === true)
      case 'void':
        return this.#close(request.hold, 'voided', 0n, false)
      case 'freeze': {
        const problems = this.#balances.has(request.account) ? [] : [`account ${request.account} was never opened`]
        if (this.#freezes.has(request.freeze)) problems.push(`freeze ${request.freeze} was accepted twice`)
        this.#freezes.set(request.freeze, 'active')
        return problems
      }
      case 'lift': {
        const was = this.#freezes.get(request.freeze)
        this.#freezes.set(request.freeze, 'lifted')
        return was === 'active' ? [] : [`freeze ${request.freeze} was lifted and was not active`]
      }
    }
  }

  #name({ transfer, debit, credit, amountMinor }: AuditedRequest & { readonly kind: 'transfer' }): readonly string[] {
    if (transfer === undefined) return []
    if (this.#transfers.has(transfer)) return [`transfer ${transfer} was accepted twice`]
    this.#transfers.set(transfer, { debit, credit, leftMinor: amountMinor })
    return []
  }

  #reverse({ transfer: name, amountMinor }: AuditedRequest & { readonly kind: 'reverse' }): readonly string[] {
    const transfer = this.#transfers.get(name)
    if (transfer === undefined) return [`transfer ${name} was taken back and never made`]
    transfer.leftMinor -= amountMinor
    return [
      ...(transfer.leftMinor < 0n ? [`more of transfer ${name} was taken back than it moved`] : []),
      ...positive(amountMinor),
      ...this.#add(transfer.credit, { debitsPosted: amountMinor }),
      ...this.#add(transfer.debit, { creditsPosted: amountMinor }),
    ]
  }

  #increase(name: string, amountMinor: bigint): readonly string[] {
    const hold = this.#holds.get(name)
    if (hold === undefined) return [`hold ${name} was increased and never made`]
    hold.leftMinor += amountMinor
    const late = hold.state === 'pending' ? [] : [`hold ${name} was increased after it had been ${hold.state}`]
    return [...late, ...positive(amountMinor), ...this.#pend(hold, amountMinor)]
  }

  #close(name: string, state: 'posted' | 'voided', postedMinor: bigint, keepsRest: boolean): readonly string[] {
    const hold = this.#holds.get(name)
    if (hold === undefined) return [`hold ${name} was ${state} and never made`]
    if (hold.state !== 'pending') return [`hold ${name} was ${state} after it had been ${hold.state}`]
    const problems = postedMinor > hold.leftMinor ? [`hold ${name} was posted for more than it held`] : []
    if (state === 'posted') problems.push(...positive(postedMinor))
    const releasedMinor = keepsRest ? postedMinor : hold.leftMinor
    hold.leftMinor -= releasedMinor
    if (hold.leftMinor <= 0n) hold.state = state
    return [
      ...problems,
      ...this.#pend(hold, -releasedMinor),
      ...this.#add(hold.debit, { debitsPosted: postedMinor }),
      ...this.#add(hold.credit, { creditsPosted: postedMinor }),
    ]
  }

  #pend(sides: { readonly debit: string; readonly credit: string }, amountMinor: bigint): readonly string[] {
    return [
      ...this.#add(sides.debit, { debitsPending: amountMinor }),
      ...this.#add(sides.credit, { creditsPending: amountMinor }),
    ]
  }

  #add(account: string, change: Partial<AuditedBalance>): readonly string[] {
    const old = this.#balances.get(account)
    if (old === undefined) return [`account ${account} moved and was never opened`]
    this.#balances.set(account, {
      debitsPosted: old.debitsPosted + (change.debitsPosted ?? 0n),
      creditsPosted: old.creditsPosted + (change.creditsPosted ?? 0n),
      debitsPending: old.debitsPending + (change.debitsPending ?? 0n),
      creditsPending: old.creditsPending + (change.creditsPending ?? 0n),
    })
    return []
  }
}

function positive(amountMinor: bigint): string[] {
  return amountMinor > 0n ? [] : [`an amount of ${amountMinor} was accepted`]
}

/** Money that comes in by a hold cannot be used before it is posted; money that goes out by one is gone already. */
function usable(rules: AuditedAccount, balance: AuditedBalance): bigint {
  return rules.normal === 'credit'
    ? balance.creditsPosted - balance.debitsPosted - balance.debitsPending
    : balance.debitsPosted - balance.creditsPosted - balance.creditsPending
}

function text(balance: AuditedBalance): string {
  return `debits ${balance.debitsPosted}+${balance.debitsPending} credits ${balance.creditsPosted}+${balance.creditsPending}`
}
