import type { Result } from '@huitong/kernel'
import { emvCrc } from './emv-crc.ts'
import type { EmvFault } from './emv-fault.ts'
import { emvField } from './emv-fields.ts'
import type { EmvAccount, EmvMerchantCode, EmvTip } from './emv-merchant-code.ts'
import { readEmvMerchantCode } from './emv-merchant-decode.ts'

/**
 * Writes a code, fields in the order of their ids. What was written is read back with every rule of reading, so nothing leaves that
 * another wallet would have to refuse.
 */
export function writeEmvMerchantCode(code: EmvMerchantCode): Result<string, EmvFault> {
  const { use, accounts, amount, tip, postalCode, additional, otherLanguage, unreserved } = code
  const parts = [
    emvField('00', '01'),
    use === null ? '' : emvField('01', use === 'static' ? '11' : '12'),
    ...accounts.map(account),
    emvField('52', code.categoryCode),
    emvField('53', code.currency),
    amount === null ? '' : emvField('54', amount),
    tip === null ? '' : tipFields(tip),
    emvField('58', code.country),
    emvField('59', code.name),
    emvField('60', code.city),
    postalCode === null ? '' : emvField('61', postalCode),
    additional.size === 0 ? '' : emvField('62', template(additional)),
    otherLanguage === null ? '' : emvField('64', language(otherLanguage)),
    ...unreserved.map(account),
  ]
  const unsealed = `${parts.join('')}6304`
  const text = unsealed + emvCrc(unsealed)
  const read = readEmvMerchantCode(text)
  return read.ok ? { ok: true, value: text } : read
}

function account({ id, value, fields }: EmvAccount): string {
  return emvField(id, fields === null ? value : template(fields))
}

/** A template that belongs to whoever `identifier` (a reversed domain name) names. */
export function emvTemplate(
  id: string,
  identifier: string,
  parts: readonly (readonly [id: string, value: string])[],
): EmvAccount {
  const fields = new Map([['00', identifier], ...parts])
  return { id, value: template(fields), fields }
}

function template(fields: ReadonlyMap<string, string>): string {
  return [...fields].map(([id, value]) => emvField(id, value)).join('')
}

function tipFields(tip: EmvTip): string {
  switch (tip.kind) {
    case 'ask':
      return emvField('55', '01')
    case 'fixed':
      return emvField('55', '02') + emvField('56', tip.amount)
    case 'percent':
      return emvField('55', '03') + emvField('57', tip.percent)
  }
}

function language({ language: code, name, city }: NonNullable<EmvMerchantCode['otherLanguage']>): string {
  return emvField('00', code) + emvField('01', name) + (city === null ? '' : emvField('02', city))
}
