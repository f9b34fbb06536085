import { CNY } from '@huitong/kernel'
import type { TransferLeg } from '../src/reversal-command.ts'
import { move } from './ledger-world.ts'
import {
  ACCOUNT,
  NOW,
  type Prepared,
  RESULTS,
  SECOND,
  TEMPLATE,
  TEMPLATE_SHARES,
  templateDefinition,
} from './model-world.ts'
import { DAYS, type Request } from './random-requests.ts'
import { resolveEntry, resolveExchange, resolvePost, resolveRevaluation, resolveTemplate } from './resolve-postings.ts'
import { resolveScheduled } from './resolve-scheduled.ts'
import { idOf, isForeign, knownAt, minor, type Resolved, resolved } from './resolved.ts'

const CAUSES = ['hold', 'dispute', 'risk', 'judicial'] as const
const NEEDS_APPROVAL = 'account_needs_approval'
const YEAR = 2026

/** Lets the oracle take a request. `dayIsOpen`: no command before it in its batch has closed the day. */
export function resolve(prepared: Prepared, asked: Request, dayIsOpen = true): Resolved {
  const { oracle, clock } = prepared
  const now = clock.now()
  switch (asked.type) {
    case 'post':
      return resolvePost(prepared, asked, dayIsOpen)
    case 'schedule':
    case 'cancel scheduled':
    case 'post scheduled':
      return resolveScheduled(prepared, asked, dayIsOpen)
    case 'entry':
      return resolveEntry(prepared, asked)
    case 'exchange':
      return resolveExchange(prepared, asked)
    case 'revalue':
      return resolveRevaluation(prepared, asked)
    case 'post template':
    case 'try template':
      return resolveTemplate(prepared, asked)
    case 'publish': {
      const { versions } = prepared
      const share = TEMPLATE_SHARES[asked.variant] ?? TEMPLATE_SHARES[0]
      const isOld = asked.replaces !== null && asked.replaces !== versions.length
      if (!isOld && versions.at(-1) !== share) versions.push(share)
      const input = { name: TEMPLATE, definition: templateDefinition(share), replaces: asked.replaces }
      return resolved(isOld ? 'template_version_replaced' : 'done', ({ publishTemplate }) => publishTemplate, input)
    }
    case 'policy': {
      const policy = asked.summarised ? 'summarised' : 'immediate'
      const told = oracle.days.policy(asked.account, asked.summarised)
      const input = { account: idOf(prepared, asked.account), policy } as const
      return resolved(told, ({ setPostingPolicy }) => setPostingPolicy, input)
    }
    case 'floor': {
      const input = { account: idOf(prepared, asked.account), floorMinor: minor(asked.amount) }
      return resolved(oracle.floor(asked.account, asked.amount), ({ setFloor }) => setFloor, input)
    }
    case 'ceiling': {
      const input = { account: idOf(prepared, asked.account), ceilingMinor: minor(asked.amount) }
      return resolved(oracle.ceiling(asked.account, asked.amount), ({ setCeiling }) => setCeiling, input)
    }
    case 'credit': {
      const input = { account: idOf(prepared, asked.account), limitMinor: minor(asked.amount) }
      return resolved(oracle.creditLimit(asked.account, asked.amount), ({ setCreditLimit }) => setCreditLimit, input)
    }
    case 'state': {
      const input = { account: idOf(prepared, asked.account), state: asked.state }
      return resolved(oracle.state(asked.account, asked.state), ({ setState }) => setState, input)
    }
    case 'reopen': {
      const input = { account: idOf(prepared, asked.account), reason: 'late_money' } as const
      return resolved(oracle.reopen(asked.account), ({ reopen }) => reopen, input)
    }
    case 'sleep': {
      const sequence = (oracle.core.accounts[asked.account]?.entries ?? 0) + (asked.idle ? 0 : 1)
      const input = { account: idOf(prepared, asked.account), sequence }
      return resolved(oracle.dormant(asked.account, sequence), ({ setDormant }) => setDormant, input)
    }
    case 'open': {
      const input = { slot: 3, subject: '2003', currency: CNY, owner: null, floorMinor: null } as const
      return resolved('done', ({ openAccount }) => openAccount, input)
    }
    case 'expire hold': {
      const of = knownAt(prepared.holds, asked.hold)
      return resolved(oracle.holds.release(of.number, 'expired', now), ({ expireHold }) => expireHold, { hold: of.id })
    }
    case 'expire holds': {
      const some = asked.holds.map((hold) => knownAt(prepared.holds, hold))
      const ended = some.filter(({ number }) => oracle.holds.release(number, 'expired', now) === 'done').length
      const input = { holds: some.map(({ id }) => id) }
      return resolved(
        'done',
        ({ expireHolds }) => expireHolds,
        input,
        (answer) => countIs(answer.ended, ended),
      )
    }
    case 'extend': {
      const of = knownAt(prepared.holds, asked.hold)
      const expiresAt = NOW + asked.seconds * SECOND
      const hold = oracle.core.holds[of.number]
      const isKept =
        asked.raw && hold !== undefined && [hold.debit, hold.credit].some((one) => isForeign(prepared, one))
      const told = isKept ? NEEDS_APPROVAL : oracle.holds.extend(of.number, expiresAt, now)
      return resolved(told, ({ extendHold }) => extendHold, { hold: of.id, expiresAt, raw: asked.raw })
    }
    case 'reverse': {
      const of = knownAt(prepared.transfers, asked.transfer)
      const told = isKept(prepared, of.number, asked.raw)
        ? NEEDS_APPROVAL
        : oracle.entries.reverse(of.number, asked.amount)
      const { amount } = asked
      const target = amount === null ? { transfer: of.id } : { transfer: of.id, amountMinor: BigInt(amount) }
      return resolved(told, ({ reverse }) => reverse, { of: target, raw: asked.raw })
    }
    case 'reverse entry': {
      const of = prepared.entries[asked.entry] ?? { numbers: [], id: 996 * 1024 }
      return resolved(oracle.entries.reverseAll(of.numbers), ({ reverse }) => reverse, {
        of: { entry: of.id },
        raw: false,
      })
    }
    case 'correct': {
      const of = knownAt(prepared.transfers, asked.transfer)
      const { debit, credit, amount } = asked
      const told = oracle.core.together([
        () => oracle.entries.reverse(of.number, null),
        () => oracle.core.transfer({ debit, credit, currency: CNY }, amount),
      ])
      const leg = move(idOf(prepared, debit), idOf(prepared, credit), BigInt(amount))
      const legs: TransferLeg[] = leg.type === 'transfer' ? [{ ...leg, type: 'transfer' }] : []
      return resolved(told, ({ correct }) => correct, { of: { transfer: of.id }, legs, raw: false })
    }
    case 'freeze': {
      const { account, rank, amount, seconds } = asked
      const expiresAt = seconds === null ? null : NOW + seconds * SECOND
      const rest = { blocksIncoming: amount === null && rank > 1, expiresAt }
      const number = oracle.freezes.all.length
      const told = oracle.freeze({ account, rank, amount, ...rest }, now)
      const terms = {
        account: idOf(prepared, account),
        cause: CAUSES[rank] ?? 'hold',
        amountMinor: minor(amount),
        ...rest,
      }
      return resolved(
        told,
        ({ placeFreeze }) => placeFreeze,
        { ...terms, reference: 'case' },
        ({ freeze }) => {
          prepared.freezes.push({ number, id: freeze })
        },
      )
    }
    case 'lift': {
      const of = knownAt(prepared.freezes, asked.freeze)
      const input = { freeze: of.id, authority: CAUSES[asked.rank] ?? 'hold' }
      return resolved(oracle.freezes.lift(of.number, asked.rank), ({ liftFreeze }) => liftFreeze, input)
    }
    case 'expire freezes': {
      const some = asked.freezes.map((freeze) => knownAt(prepared.freezes, freeze))
      const ended = oracle.freezes.expire(
        some.map(({ number }) => number),
        now,
      )
      const input = { freezes: some.map(({ id }) => id) }
      return resolved(
        'done',
        ({ expireFreezes }) => expireFreezes,
        input,
        (answer) => countIs(answer.ended, ended),
      )
    }
    case 'deduct': {
      const of = knownAt(prepared.freezes, asked.freeze)
      const { to, amount } = asked
      const told = isForeign(prepared, to) ? NEEDS_APPROVAL : oracle.freezes.deduct(of.number, to, amount, CNY)
      const rest = { amountMinor: BigInt(amount), currency: CNY, reference: null }
      return resolved(told, ({ deduct }) => deduct, { freeze: of.id, to: idOf(prepared, to), ...rest })
    }
    default:
      return resolveBookkeeping(prepared, asked)
  }
}

type Bookkeeping = Extract<
  Request,
  { readonly type: 'create set' | 'join' | 'leave' | `${string} metadata` | 'tie' | 'finalize' | `${string} year` }
>

function resolveBookkeeping(prepared: Prepared, asked: Bookkeeping): Resolved {
  const { oracle, sets } = prepared
  const setAt = (index: number) => sets[index] ?? 995 * 1024
  switch (asked.type) {
    case 'create set': {
      // Those of this wave have no id yet.
      const parent = asked.parent === null || asked.parent < sets.length ? asked.parent : 1000
      const input = { name: 'One more', parent: parent === null ? null : setAt(parent) }
      return resolved(
        oracle.sets.create(parent),
        ({ createSet }) => createSet,
        input,
        ({ set }) => {
          sets.push(set)
        },
      )
    }
    case 'join':
    case 'leave': {
      const set = asked.set < sets.length ? asked.set : 1000
      const input = { set: setAt(set), account: idOf(prepared, asked.account) }
      return asked.type === 'join'
        ? resolved(oracle.sets.add(set, asked.account), ({ addToSet }) => addToSet, input)
        : resolved(oracle.sets.remove(set, asked.account), ({ removeFromSet }) => removeFromSet, input)
    }
    case 'account metadata': {
      const changes = new Map([[`k${asked.key}`, asked.value === null ? null : `v${asked.value}`]])
      const isThere = oracle.core.accounts[asked.account] !== undefined
      const told = isThere ? oracle.metadata.set(`account ${asked.account}`, changes) : 'account_unknown'
      const input = { account: idOf(prepared, asked.account), changes }
      return resolved(told, ({ setAccountMetadata }) => setAccountMetadata, input)
    }
    case 'transfer metadata': {
      const of = knownAt(prepared.transfers, asked.transfer)
      const additions = new Map([[`k${asked.key}`, `v${asked.value}`]])
      const isThere = oracle.core.transfers[of.number] !== undefined
      const told = isThere ? oracle.metadata.add(`transfer ${of.id}`, additions) : 'transfer_unknown'
      return resolved(told, ({ addTransferMetadata }) => addTransferMetadata, { transfer: of.id, additions })
    }
    case 'tie': {
      const day = DAYS[asked.day] ?? ''
      // The last batch that everybody knows of, which is not the same one in every institution.
      return resolved(
        oracle.days.tie(day),
        ({ tieDay }) => tieDay,
        ({ committer }) => ({
          ...{ day, batch: committer.status().batch },
        }),
      )
    }
    case 'finalize': {
      const through = DAYS[asked.day] ?? ''
      return resolved(oracle.days.finalize(through), ({ finalizeDays }) => finalizeDays, { through })
    }
    case 'close year': {
      const { days } = oracle
      const carried = new Set(
        (days.years.get(YEAR)?.entries ?? []).flatMap((numbers) => numbers.map((one) => accountOf(prepared, one))),
      )
      const left = RESULTS.filter(({ account }) => !carried.has(account))
      const results = asked.part && left.length > 1 ? left.slice(0, 1) : left
      const complete = results.length === left.length
      const revision = days.revision + (asked.stale ? 1 : 0)
      const carrying = results.map((one) => ({ ...one, retained: ACCOUNT.retained }))
      const told = days.closeYear(YEAR, revision, carrying, complete)
      const input = {
        ...{ year: YEAR, revision, complete, by: null },
        results: results.map(({ account, amount }) => ({
          ...{ account: idOf(prepared, account), currency: CNY, amountMinor: BigInt(amount) },
        })),
      }
      return resolved(told, ({ closeYear }) => closeYear, input)
    }
    case 'reopen year': {
      const revision = oracle.days.revision + (asked.stale ? 1 : 0)
      const input = { year: YEAR, revision, by: null }
      return resolved(oracle.days.reopenYear(YEAR, revision), ({ reopenYear }) => reopenYear, input)
    }
  }
}

/** The account of income that a transfer carried. */
function accountOf({ oracle }: Prepared, transfer: number): number | undefined {
  return oracle.core.transfers[transfer]?.debit
}

/** Whether staff must leave a transfer alone. */
function isKept(prepared: Prepared, transfer: number, raw: boolean): boolean {
  const of = prepared.oracle.core.transfers[transfer]
  return raw && of !== undefined && [of.debit, of.credit].some((one) => isForeign(prepared, one))
}

function countIs(found: number, expected: number): string | undefined {
  return found === expected ? undefined : `${found} ended, not ${expected}`
}
