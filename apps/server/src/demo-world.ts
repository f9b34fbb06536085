import { CNY, invariant, parseAmount, type Result } from '@huitong/kernel'
import {
  apiKeyHashOf,
  drawApiKey,
  type FieldFault,
  findPersonKey,
  readApplicationRegistration,
  readCustomerRegistration,
  readIdentityConfirmation,
  readMerchantRegistration,
} from '@huitong/party'
import { drawStaticCodeReference } from '@huitong/payments'
import { type DataFolder, readOrMake } from './data-folder.ts'
import { DEMO_APPLICATION, DEMO_COUNTER, DEMO_CUSTOMERS, DEMO_MERCHANTS } from './demo-people.ts'
import { demoStep } from './demo-step.ts'
import type { PlatformInstitution } from './institution.ts'
import { type RsaPair, rsaPair } from './keys.ts'

export interface DemoWorld {
  readonly customers: readonly {
    readonly id: number
    readonly account: number
    readonly name: string
    readonly userNumber: string
  }[]
  readonly merchants: readonly { readonly id: number; readonly name: string; readonly sellerNumber: string }[]
  /** The code that hangs in the first merchant's shop. */
  readonly staticCode: string
  readonly appId: string
  readonly appKeys: RsaPair
  /** A key for the native API that the first merchant's application may use. */
  readonly apiKeyFile: string
}

/**
 * Brings the demo world into being, or finds it: every step is a command under a key of its own, so a first start that was
 * interrupted is continued, and any later one gets the first answers and changes nothing.
 */
export async function ensureDemoWorld(institution: PlatformInstitution, folder: DataFolder): Promise<DemoWorld> {
  const { chance, modules, schema, vault } = institution
  const { payments, party } = modules

  // Submitted together, so that a start writes a handful of batches and not one for each step.
  const customers = await Promise.all(
    DEMO_CUSTOMERS.map(async ({ name, phone, documentNumber, topUp }, index) => {
      const registration = read(readCustomerRegistration({ displayName: name, phone }, vault, chance))
      const opened = await demoStep(institution, `customer ${index + 1}`, payments.openWallet, { registration })
      const amount = parseAmount(topUp, CNY)
      invariant(amount.ok, 'amounts of the demo world are amounts')
      const input = { customer: opened.customer, amountMinor: amount.value }
      await demoStep(institution, `top-up ${index + 1}`, payments.topUp, input)
      await confirmIdentity(institution, index + 1, { customer: opened.customer, legalName: name, documentNumber })
      return { id: opened.customer, account: opened.account, name, userNumber: opened.userNumber }
    }),
  )
  const merchants = await Promise.all(
    DEMO_MERCHANTS.map(async (merchant, index) => {
      const registration = read(readMerchantRegistration(merchant, chance))
      const onboarded = await demoStep(institution, `merchant ${index + 1}`, payments.onboardMerchant, { registration })
      return { id: onboarded.merchant, name: merchant.name, sellerNumber: onboarded.sellerNumber }
    }),
  )

  const [first] = merchants
  invariant(first !== undefined, 'the demo world has merchants')
  const owner = { kind: 'merchant', id: first.id } as const
  const wanted = { owner, reference: drawStaticCodeReference(chance), label: DEMO_COUNTER, replaces: null }
  const { code } = await demoStep(institution, 'static code 1', payments.makeStaticCode, wanted)
  const appKeys = await rsaPair(folder, `${schema}.demo-application`)
  const apiKeyFile = folder.keyFile(`${schema}.demo-application.api-key`)
  const apiKeyHash = apiKeyHashOf((await readOrMake(apiKeyFile, () => drawApiKey(chance).apiKey)).trim())
  invariant(apiKeyHash !== undefined, `the file ${apiKeyFile} does not hold an API key`)
  const request = { merchantId: first.id, name: DEMO_APPLICATION, publicKey: appKeys.publicKey, apiKeyHash }
  const registration = read(readApplicationRegistration(request))
  const { appId } = await demoStep(institution, 'application 1', party.commands.registerApplication, registration)
  // Totals are shown from what is written back; the first page after the first start should show them.
  await institution.committer.flush()
  return { customers, merchants, staticCode: code.reference, appId, appKeys, apiKeyFile }
}

/** As if seen with the document at a counter, so that the limits of the widest class hold. */
async function confirmIdentity(
  institution: PlatformInstitution,
  number: number,
  person: { readonly customer: number; readonly legalName: string; readonly documentNumber: string },
): Promise<void> {
  const { db, modules, vault } = institution
  const { customer } = person
  const key = await db.read((tx) => findPersonKey(tx, customer))
  invariant(key !== undefined, 'a customer of the demo world has a key')
  const kind = modules.pricing.commands.confirmIdentity
  const document = { ...person, factor: 'identity_document', reference: 'demo' } as const
  await demoStep(institution, `document ${number}`, kind, read(readIdentityConfirmation(document, key, vault)))
  const counter = { customer, factor: 'face_to_face', reference: 'demo' } as const
  await demoStep(institution, `counter ${number}`, kind, read(readIdentityConfirmation(counter, key, vault)))
}

function read<T>(result: Result<T, FieldFault>): T {
  invariant(result.ok, 'what the demo world asks for is well formed')
  return result.value
}
