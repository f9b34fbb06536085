import { readdirSync, readFileSync } from 'node:fs'
import { invariant } from '@huitong/kernel'
import { describe, expect, it } from 'vitest'
import { type IsoRule, readIsoMessage, writeIsoMessage } from '../src/index.ts'

const SAMPLES = new URL('./samples/', import.meta.url)
const MAX_BYTES = 200_000

function bytesOf(path: string): Uint8Array {
  return readFileSync(new URL(path, SAMPLES))
}

function read(path: string) {
  return readIsoMessage(bytesOf(path), { maxBytes: MAX_BYTES })
}

describe('the flows of a hub', () => {
  const files = readdirSync(new URL('flows-cny/', SAMPLES))

  it('are 32 messages', () => {
    expect(files).toHaveLength(32)
  })

  it.each(files)('%s is read, written, and read as the same again', (file) => {
    const first = read(`flows-cny/${file}`)
    invariant(first.ok, `not read: ${first.ok || first.error.detail}`)
    const again = readIsoMessage(writeIsoMessage(first.value), { maxBytes: MAX_BYTES })
    expect(again).toEqual(first)
  })

  it('carry what stands in them', () => {
    const transfer = read('flows-cny/F1-1_pacs.008.xml')
    expect(transfer).toMatchObject({
      ok: true,
      value: {
        kind: 'credit_transfer',
        value: {
          messageId: 'BA20260316000001',
          createdAt: Date.UTC(2026, 2, 16, 1, 0, 1, 120) * 1000,
          from: '990100000011',
          to: '990200000028',
          clearingSystem: 'EPCC',
          total: { minor: 12850n, currency: 'CNY' },
          transfers: [
            {
              uetr: '7f3a9c1e-1001-4b6d-8e21-000000abc001',
              amount: { minor: 12850n, currency: 'CNY' },
              debtorName: '张伟',
              creditorAccount: '3301000000000000022',
              remittance: '订单 20260316-0001',
            },
          ],
        },
      },
    })
  })
})

/** Rules that need a participant table or an earlier message are not the message's own, so these are read and refused later. */
const NEEDS_MORE_THAN_THE_MESSAGE = ['neg_b13_unknown_original.xml', 'neg_b19_unknown_participant.xml']

const BROKEN: readonly (readonly [file: string, rule: IsoRule, path: string])[] = [
  ['neg_w01_truncated.xml', 'not_well_formed', ''],
  ['neg_w02_mismatched_tag.xml', 'not_well_formed', ''],
  ['neg_w04_two_roots.xml', 'not_well_formed', ''],
  ['neg_w05_gbk_declared_utf8.xml', 'not_utf8', ''],
  ['neg_x01_doctype_xxe.xml', 'doctype', ''],
  ['neg_x02_entity_expansion.xml', 'doctype', ''],
  ['neg_x04_comment_in_amount.xml', 'mixed_text', 'FIToFICstmrCdtTrf/CdtTrfTxInf/IntrBkSttlmAmt'],
  ['neg_x05_xinclude.xml', 'schema', ''],
  ['neg_s16_wrong_namespace_version.xml', 'unknown_message', ''],
  ['neg_s17_no_namespace.xml', 'not_iso20022', ''],
  ['neg_b01_nboftxs_mismatch.xml', 'wrong_count', 'GrpHdr/NbOfTxs'],
  ['neg_b02_ctrlsum_mismatch.xml', 'wrong_sum', 'GrpHdr/CtrlSum'],
  ['neg_b04_unassigned_currency.xml', 'unknown_currency', ''],
  ['neg_b05_three_decimals_cny.xml', 'malformed_amount', ''],
  ['neg_b07_settlement_date_past.xml', 'day_before_message', ''],
  ['neg_b08_same_agent_both_sides.xml', 'same_agent', 'GrpHdr/InstdAgt'],
  ['neg_b10_acsc_with_reject_reason.xml', 'reason_without_rejection', 'TxInfAndSts/TxSts'],
  ['neg_b11_status_code_unlisted.xml', 'unknown_code', 'TxInfAndSts/TxSts'],
  ['neg_b14_return_more_than_original.xml', 'more_than_original', 'TxInf/RtrdIntrBkSttlmAmt'],
  ['neg_b16_payroll_duplicate_e2e.xml', 'repeated_reference', 'PmtInf/CdtTrfTxInf/PmtId/EndToEndId'],
  ['neg_b17_statement_does_not_foot.xml', 'does_not_foot', 'Bal'],
  ['neg_b20_fx_amount_inconsistent.xml', 'rate_disagrees', 'CdtTrfTxInf/IntrBkSttlmAmt'],
]

describe('broken messages', () => {
  const files = readdirSync(new URL('negative/', SAMPLES))
  const named = new Map(BROKEN.map(([file, rule, path]) => [file, { rule, path }]))

  it.each(files.filter((file) => file.startsWith('neg_') && !NEEDS_MORE_THAN_THE_MESSAGE.includes(file)))(
    '%s is refused by its rule',
    (file) => {
      const { rule, path } = named.get(file) ?? { rule: 'schema', path: '' }
      expect(read(`negative/${file}`)).toMatchObject({
        ok: false,
        error: { rule, path: path === '' ? expect.any(String) : path },
      })
    },
  )

  it('are all there, and those of the schema say which element', () => {
    expect(BROKEN.every(([file]) => files.includes(file))).toBe(true)
    expect(read('negative/neg_s01_missing_MsgId.xml')).toMatchObject({
      error: { rule: 'schema', detail: expect.stringContaining("Element 'CreDtTm': This element is not expected") },
    })
  })

  it.each(NEEDS_MORE_THAN_THE_MESSAGE)('%s holds by itself', (file) => {
    expect(read(`negative/${file}`).ok).toBe(true)
  })
})

describe('unusual forms of a right message', () => {
  const base = read('flows-cny/F1-1_pacs.008.xml')

  it.each(['edge_01_bom_and_cr.xml', 'edge_02_prefixed_namespace.xml'])('%s says what the plain one says', (file) => {
    expect(read(`negative/${file}`)).toEqual(base)
  })

  it.each(['edge_04_cdata_name.xml', 'edge_05_max_lengths.xml'])('%s is read', (file) => {
    expect(read(`negative/${file}`).ok).toBe(true)
  })
})

describe('messages of other systems', () => {
  const rows = readFileSync(new URL('public.csv', SAMPLES), 'utf8').trim().split('\n').slice(1)

  it.each(rows.map((row) => row.split(',')))(
    '%s is judged as two other validators judge it',
    (file, wellFormed, schema) => {
      const result = read(`public/${file}`)
      const rule = result.ok ? 'none' : result.error.rule
      if (wellFormed !== 'yes') expect(rule).toBe('not_well_formed')
      else if (schema === 'no-iso-namespace') expect(rule).toBe('not_iso20022')
      else if (schema === 'invalid') expect(['schema', 'unknown_message']).toContain(rule)
      else expect(['schema', 'not_well_formed', 'not_iso20022']).not.toContain(rule)
    },
  )
})
