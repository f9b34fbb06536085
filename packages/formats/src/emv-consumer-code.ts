import { ok, type Result } from '@huitong/kernel'
import { type BerField, berField, readBerFields } from './ber-tlv.ts'
import { type EmvFault, emvFault } from './emv-fault.ts'

/*
 * EMVCo consumer-presented mode: what a payer shows and a till scans, BER-TLV in base64. Template 61 is one means of payment, 62 is what all
 * of them share; 63 and 64 inside them hold what the schemes sign.
 */

/** Values in capital hexadecimal by tag. */
export type EmvTags = ReadonlyMap<string, string>

export interface EmvApplication {
  readonly tags: EmvTags
  /** Template 63 of an application, 64 of the common data; empty when there is none. */
  readonly signed: EmvTags
}

export interface EmvConsumerCode {
  /** At least one, in the payer's order. Each has `4F`, the application's name, of 5 to 16 bytes. */
  readonly applications: readonly EmvApplication[]
  readonly common: EmvApplication | null
}

/** Every consumer-presented code begins like this. */
export const EMV_CONSUMER_START = 'hQVDUFYwMW'
const INDICATOR = Buffer.from('CPV01')
const BASE64_MAX = 512
const APPLICATION_NAME = { min: 5, max: 16 } as const

/** Reads a scanned text as a payer's code, or says what is wrong with it. */
export function readEmvConsumerCode(text: string): Result<EmvConsumerCode, EmvFault> {
  if (text.length > BASE64_MAX) return emvFault('too_long')
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) return emvFault('malformed_text')
  if (bytes.length === 0) return emvFault('too_short')
  const fields = readBerFields(bytes)
  if (!fields.ok) return fields
  const [first, ...rest] = fields.value
  if (first?.tag !== '85') return emvFault('format_indicator_not_first')
  if (!first.value.equals(INDICATOR)) return emvFault('format_not_supported', '85')
  const twice = repeated(rest, '61') ?? (rest.some(({ tag }) => tag === '85') ? '85' : undefined)
  if (twice !== undefined) return emvFault('duplicate_tag', twice)
  const applications: EmvApplication[] = []
  let common: EmvApplication | null = null
  for (const { tag, value } of rest) {
    if (tag !== '61' && tag !== '62') continue
    const read = readTemplate(tag, value)
    if (!read.ok) return read
    if (tag === '61') applications.push(read.value)
    else common = read.value
  }
  if (applications.length === 0) return emvFault('missing', '61')
  for (const { tags } of applications) {
    const name = tags.get('4F')
    if (name === undefined) return emvFault('missing', '61.4F')
    const length = name.length / 2
    if (length < APPLICATION_NAME.min || length > APPLICATION_NAME.max) return emvFault('wrong_length', '61.4F')
  }
  return ok({ applications, common })
}

/** Writes a code. It is read back, so what leaves keeps the rules of reading. */
export function writeEmvConsumerCode({ applications, common }: EmvConsumerCode): Result<string, EmvFault> {
  const parts = [
    berField('85', INDICATOR),
    ...applications.map((application) => berField('61', templateBytes('61', application))),
    ...(common === null ? [] : [berField('62', templateBytes('62', common))]),
  ]
  const text = Buffer.concat(parts).toString('base64')
  const read = readEmvConsumerCode(text)
  return read.ok ? ok(text) : read
}

const SIGNED: Readonly<Record<'61' | '62', string>> = { '61': '63', '62': '64' }

function readTemplate(tag: '61' | '62', bytes: Buffer): Result<EmvApplication, EmvFault> {
  const fields = readBerFields(bytes, tag)
  if (!fields.ok) return fields
  const twice = repeated(fields.value)
  if (twice !== undefined) return emvFault('duplicate_tag', `${tag}.${twice}`)
  const inner = fields.value.find((field) => field.tag === SIGNED[tag])
  const signed = inner === undefined ? ok([]) : readBerFields(inner.value, `${tag}.${inner.tag}`)
  if (!signed.ok) return signed
  const twiceSigned = repeated(signed.value)
  if (twiceSigned !== undefined) return emvFault('duplicate_tag', `${tag}.${SIGNED[tag]}.${twiceSigned}`)
  const plain = fields.value.filter((field) => field !== inner)
  return ok({ tags: tagsOf(plain), signed: tagsOf(signed.value) })
}

function tagsOf(fields: readonly BerField[]): EmvTags {
  return new Map(fields.map(({ tag, value }) => [tag, value.toString('hex').toUpperCase()]))
}

/** The first tag that is there twice, of those that may not be. */
function repeated(fields: readonly BerField[], except?: string): string | undefined {
  const seen = new Set<string>()
  for (const { tag } of fields) {
    if (tag !== except && seen.has(tag)) return tag
    seen.add(tag)
  }
  return undefined
}

function templateBytes(tag: '61' | '62', { tags, signed }: EmvApplication): Buffer {
  const plain = bytesOf(tags)
  return signed.size === 0 ? plain : Buffer.concat([plain, berField(SIGNED[tag], bytesOf(signed))])
}

function bytesOf(tags: EmvTags): Buffer {
  return Buffer.concat([...tags].map(([tag, value]) => berField(tag, Buffer.from(value, 'hex'))))
}
