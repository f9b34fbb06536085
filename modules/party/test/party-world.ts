import { generateKeyPairSync } from 'node:crypto'
import {
  type CommandKind,
  type Committer,
  committerMigrations,
  type Outcome,
  startCommitter,
  WorkingSet,
} from '@huitong/committer'
import { canonicalJson, isoToMicros, type ManualClock, manualClock, ok, systemChance } from '@huitong/kernel'
import { createInstitution, type TestInstitution } from '@huitong/testing'
import { afterAll } from 'vitest'
import {
  type CodeAnswer,
  type Customer,
  type CustomerRegistration,
  createParty,
  createVault,
  drawPaymentCode,
  type Merchant,
  type MerchantRegistration,
  PAYMENT_CODE_LIFE,
  type Party,
  partyMigrations,
  readCustomerRegistration,
  readMerchantRegistration,
  registrationForm,
  type Vault,
} from '../src/index.ts'
import { testHeadMigrations, testHeads } from './test-head-store.ts'

export const START = startOfTest()

function startOfTest(): number {
  const time = isoToMicros('2026-11-22T12:00:00Z')
  if (!time.ok) throw new Error(time.error)
  return time.value
}

/** The commands that upper modules make of party's decisions, without the accounts that they open. */
interface TestCommands {
  readonly registerCustomer: CommandKind<CustomerRegistration, number>
  readonly registerMerchant: CommandKind<MerchantRegistration, number>
  readonly redeem: CommandKind<string, number>
  readonly feeRate: CommandKind<number, number>
}

export interface PartyWorld {
  readonly institution: TestInstitution
  readonly committer: Committer
  readonly party: Party
  readonly vault: Vault
  readonly clock: ManualClock
  readonly commands: TestCommands
  registerCustomer(displayName: string, phone: string): Promise<Outcome<number>>
  /** Ids; fails the test when refused. */
  newCustomer(displayName: string, phone: string): Promise<number>
  newMerchant(name: string, feeRateMillionths?: number): Promise<number>
  issueCode(
    customerId: number,
  ): Promise<{ readonly digits: string; readonly codeHash: string; readonly outcome: Outcome<CodeAnswer> }>
}

const chance = systemChance()
const opened: Committer[] = []

afterAll(async () => {
  for (const committer of opened.splice(0)) await committer.stop()
})

const number = { encode: (answer: number) => String(answer), decode: Number }

export async function startPartyWorld(options: { readonly liveCodesMax?: number } = {}): Promise<PartyWorld> {
  const institution = await createInstitution([committerMigrations, testHeadMigrations, partyMigrations])
  const set = new WorkingSet()
  const party = createParty(set, options)
  const clock = manualClock(START)
  const committer = await startCommitter({
    set,
    heads: testHeads,
    connect: () => institution.dedicated(),
    holder: 'test',
    clock,
  })
  opened.push(committer)
  const vault = createVault([{ version: 1, secret: chance.bytes(32) }], chance.bytes(32), chance)
  const commands: TestCommands = {
    registerCustomer: {
      name: 'test.register-customer',
      need: (input) => party.needRegistration(input),
      decide: (input) => idOf(party.registerCustomer(input)),
      form: (input) => canonicalJson(registrationForm(input)),
      ...number,
    },
    registerMerchant: {
      name: 'test.register-merchant',
      need: (input) => party.needMerchantRegistration(input),
      decide: (input) => idOf(party.registerMerchant(input)),
      form: (input) => canonicalJson(input),
      ...number,
    },
    redeem: {
      name: 'test.redeem',
      need: (hash) => party.needPaymentCode(hash),
      decide: (hash) => party.redeemPaymentCode(hash),
      form: (hash) => hash,
      ...number,
    },
    feeRate: {
      name: 'test.fee-rate',
      need: (id) => party.needMerchant(id),
      decide: (id) => ok(party.feeRateMillionths(id)),
      form: String,
      ...number,
    },
  }

  async function registerCustomer(displayName: string, phone: string): Promise<Outcome<number>> {
    const input = readCustomerRegistration({ displayName, phone }, vault, chance)
    if (!input.ok) throw new Error(`${input.error.field}: ${input.error.rule}`)
    return committer.submit({ kind: commands.registerCustomer, input: input.value })
  }

  return {
    institution,
    committer,
    party,
    vault,
    clock,
    commands,
    registerCustomer,
    newCustomer: async (displayName, phone) => answerOf(await registerCustomer(displayName, phone)),
    newMerchant: async (name, feeRateMillionths = 6000) => {
      const input = readMerchantRegistration({ name, feeRateMillionths }, chance)
      if (!input.ok) throw new Error(input.error.rule)
      return answerOf(await committer.submit({ kind: commands.registerMerchant, input: input.value }))
    },
    issueCode: async (customerId) => {
      const drawn = drawPaymentCode(vault, chance)
      const input = { customerId, codeHash: drawn.codeHash, lifeMicros: PAYMENT_CODE_LIFE }
      return { ...drawn, outcome: await committer.submit({ kind: party.commands.issuePaymentCode, input }) }
    },
  }
}

function idOf<E>(result: { ok: true; value: Customer | Merchant } | { ok: false; error: E }) {
  return result.ok ? ok(result.value.id) : result
}

/** The answer of a command that was done; fails the test otherwise. */
export function answerOf<Answer>(outcome: Outcome<Answer>): Answer {
  if (outcome.status === 'done') return outcome.answer
  throw new Error(`the command was not done: ${JSON.stringify(outcome)}`)
}

/** `done`, or the code of the refusal. */
export function told(outcome: Outcome<unknown>): string {
  return outcome.status === 'refused' ? outcome.refusal.code : outcome.status
}

/** A fresh RSA public key as PEM. */
export function newPublicKey(bits = 2048): string {
  return generateKeyPairSync('rsa', { modulusLength: bits })
    .publicKey.export({ type: 'spki', format: 'pem' })
    .toString()
}
