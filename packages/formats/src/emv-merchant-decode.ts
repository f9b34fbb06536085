import { ok, type Result } from '@huitong/kernel'
import { emvCrc } from './emv-crc.ts'
import { type EmvFault, emvFault } from './emv-fault.ts'
import { type EmvFields, type EmvParsedCode, readEmvFields } from './emv-fields.ts'
import {
  EMV_PAYLOAD_MAX,
  type EmvAccount,
  type EmvMerchantCode,
  isAccountId,
  isTemplateId,
} from './emv-merchant-code.ts'
import { emvRulesFault, readEmvTip } from './emv-merchant-rules.ts'

// Format indicator, and the check sum with its id and length.
const SHORTEST = 14
const CRC_TAIL = /6304([0-9A-Fa-f]{4})$/

/**
 * Takes a scanned text apart and proves that it was read rightly: check sum, ids, lengths, order, nothing twice. Whether the fields
 * say what a payable code must say is {@link readEmvMerchantCode}'s business; many codes in the streets do not.
 */
export function parseEmvMerchantCode(text: string): Result<EmvParsedCode, EmvFault> {
  if (text.length > 2 * EMV_PAYLOAD_MAX || Array.from(text).length > EMV_PAYLOAD_MAX) return emvFault('too_long')
  if (!text.isWellFormed() || hasControls(text)) return emvFault('malformed_text')
  if (text.length < SHORTEST) return emvFault('too_short')
  const crc = CRC_TAIL.exec(text)?.[1]
  if (crc === undefined) return emvFault('crc_missing')
  // Written in capitals; some codes in use are not.
  if (emvCrc(text.slice(0, -4)) !== crc.toUpperCase()) return emvFault('crc_wrong')
  const fields = readEmvFields(text)
  if (!fields.ok) return fields
  const ids = [...fields.value.keys()]
  if (ids[0] !== '00') return emvFault('format_indicator_not_first')
  if (ids.at(-1) !== '63') return emvFault('crc_not_last')
  const templates = new Map<string, EmvFields>()
  for (const [id, value] of fields.value) {
    if (!isTemplateId(id)) continue
    const inner = readEmvFields(value, id)
    if (!inner.ok) return inner
    templates.set(id, inner.value)
  }
  return ok({ fields: fields.value, templates })
}

/** Reads a scanned text as a code that can be paid, or says which field breaks which rule. */
export function readEmvMerchantCode(text: string): Result<EmvMerchantCode, EmvFault> {
  const parsed = parseEmvMerchantCode(text)
  if (!parsed.ok) return parsed
  const fault = emvRulesFault(parsed.value)
  if (fault !== undefined) return { ok: false, error: fault }
  const { fields, templates } = parsed.value
  const value = (id: string): string => fields.get(id) ?? ''
  const language = templates.get('64')
  return ok({
    use: USES[value('01')] ?? null,
    accounts: partsOf(parsed.value, isAccountId),
    categoryCode: value('52'),
    currency: value('53'),
    amount: fields.get('54') ?? null,
    tip: readEmvTip(fields),
    country: value('58'),
    name: value('59'),
    city: value('60'),
    postalCode: fields.get('61') ?? null,
    additional: templates.get('62') ?? new Map(),
    otherLanguage:
      language === undefined
        ? null
        : { language: language.get('00') ?? '', name: language.get('01') ?? '', city: language.get('02') ?? null },
    unreserved: partsOf(parsed.value, (id) => id >= '80'),
  })
}

const USES: Readonly<Record<string, 'static' | 'dynamic' | undefined>> = { '11': 'static', '12': 'dynamic' }

function partsOf({ fields, templates }: EmvParsedCode, wanted: (id: string) => boolean): readonly EmvAccount[] {
  return [...fields]
    .filter(([id]) => wanted(id))
    .map(([id, value]) => ({ id, value, fields: templates.get(id) ?? null }))
}

function hasControls(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return true
  }
  return false
}
