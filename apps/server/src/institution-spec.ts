import { err, ok, parseJsonStrict, type Result } from '@huitong/kernel'
import { type InstitutionKind, isInstitutionKind } from '@huitong/ledger'
import { publicOrigin } from './public-origin.ts'

/** An institution that this program hosts. Its schema and its kind are settled by the first start. */
export interface InstitutionSpec {
  readonly schema: string
  /** As people call it. */
  readonly name: string
  readonly kind: InstitutionKind
  /** The port that it listens on; of the first the program's, of the others the next ones, unless told. */
  readonly port?: number
  /** Where the outside reaches it, when that is not this machine: `https://bank.example`. */
  readonly origin?: string
  /** Its number in the clearing system: of banks and clearing houses, and of wallet platforms that reach banks. */
  readonly member?: string
  /** The number of the clearing house that it takes part in. */
  readonly clearingHouse?: string
  /** The first digits of a bank's account numbers. */
  readonly issuer?: string
}

/** The institution that is there when nobody says which. */
export const OWN_INSTITUTION: InstitutionSpec = { schema: 'yunhe_pay', name: 'Yunhe Pay', kind: 'wallet_platform' }

const CLEARING_HOUSE = '990900000095'

/** The institutions of the demo world. */
export const DEMO_INSTITUTIONS: readonly InstitutionSpec[] = [
  { ...OWN_INSTITUTION, member: '990700000071', clearingHouse: CLEARING_HOUSE },
  {
    ...{ schema: 'taihu_bank', name: 'Taihu Bank', kind: 'bank', member: '990100000011' },
    ...{ clearingHouse: CLEARING_HOUSE, issuer: '6217' },
  },
  {
    ...{ schema: 'lanshan_bank', name: 'Lanshan Bank', kind: 'bank', member: '990200000028' },
    ...{ clearingHouse: CLEARING_HOUSE, issuer: '6218' },
  },
  { schema: 'central_clearing', name: 'Central Clearing', kind: 'clearing_house', member: CLEARING_HOUSE },
]

/** As people call an institution. Books that were imported have no other name than that of their schema. */
export function institutionName(schema: string): string {
  return DEMO_INSTITUTIONS.find((one) => one.schema === schema)?.name ?? schema
}

const SCHEMA = /^[a-z][a-z0-9_]{1,40}$/
const MEMBER = /^(\d{12}|[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?)$/
const FIELDS = ['schema', 'name', 'kind', 'port', 'origin', 'member', 'clearingHouse', 'issuer'] as const

/** Reads a file of institutions: a JSON array of them. The error says what is wrong, for people. */
export function readInstitutions(text: string): Result<readonly InstitutionSpec[], string> {
  const parsed = parseJsonStrict(text)
  if (!parsed.ok || !Array.isArray(parsed.value) || parsed.value.length === 0) {
    return err('it must be a JSON array with at least one institution')
  }
  const specs: InstitutionSpec[] = []
  for (const [index, value] of parsed.value.entries()) {
    const spec = readSpec(value)
    if (!spec.ok) return err(`institution ${index + 1}: ${spec.error}`)
    if (specs.some((one) => one.schema === spec.value.schema)) return err(`${spec.value.schema} stands there twice`)
    specs.push(spec.value)
  }
  return ok(specs)
}

function readSpec(value: unknown): Result<InstitutionSpec, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return err('it must be an object')
  const fields: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(value))
  const unknown = Object.keys(fields).find((field) => !FIELDS.some((known) => known === field))
  if (unknown !== undefined) return err(`"${unknown}" is not known; there are ${FIELDS.join(', ')}`)
  const { schema, name, kind, member, clearingHouse, issuer } = fields
  if (typeof schema !== 'string' || !SCHEMA.test(schema)) return err('schema must be lower-case letters, digits and _')
  if (typeof name !== 'string' || name === '' || name.length > 64) return err('name must have 1 to 64 characters')
  if (typeof kind !== 'string' || !isInstitutionKind(kind)) return err('kind is not one of the kinds there are')
  const port = fields.port === undefined ? undefined : portOf(fields.port)
  if (fields.port !== undefined && port === undefined) return err('port must be a whole number from 1 to 65535')
  const origin = publicOrigin(typeof fields.origin === 'string' ? fields.origin : undefined)
  if (!origin.ok || (fields.origin !== undefined && origin.value === undefined)) {
    return err('origin must be one with a domain, such as https://bank.example')
  }
  const base = {
    ...{ schema, name, kind },
    ...(port === undefined ? {} : { port }),
    ...(origin.value === undefined ? {} : { origin: origin.value }),
  }
  const isPlatform = kind === 'wallet_platform'
  if (kind !== 'bank' && kind !== 'clearing_house' && !isPlatform) return ok(base)
  if (isPlatform && member === undefined && clearingHouse === undefined) return ok(base)
  if (typeof member !== 'string' || !MEMBER.test(member)) return err('member must be a number of 12 digits or a BIC')
  if (kind === 'clearing_house') return ok({ ...base, member })
  if (typeof clearingHouse !== 'string' || !MEMBER.test(clearingHouse)) {
    return err('clearingHouse must be the member number of one')
  }
  if (isPlatform) return ok({ ...base, member, clearingHouse })
  if (typeof issuer !== 'string' || !/^\d{4,6}$/.test(issuer)) return err('issuer must be 4 to 6 digits')
  return ok({ ...base, member, clearingHouse, issuer })
}

/** Strict JSON keeps numbers as they were written. */
function portOf(value: unknown): number | undefined {
  const text = typeof value === 'object' && value !== null && 'text' in value ? String(value.text) : ''
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : undefined
}
