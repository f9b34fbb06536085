import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { BANK_REFUSALS } from '@huitong/bank'
import { CASE_REFUSALS } from '@huitong/casework'
import { CHANNEL_REFUSALS } from '@huitong/channels'
import { CLEARING_REFUSALS } from '@huitong/clearing'
import { ESCROW_REFUSALS } from '@huitong/escrow'
import { FAMILY_REFUSALS } from '@huitong/family'
import {
  CODE_REFUSAL_MEANINGS,
  CODE_REFUSALS,
  DEVICE_REFUSAL_MEANINGS,
  DEVICE_REFUSALS,
  PASSKEY_REFUSAL_MEANINGS,
  PASSKEY_REFUSALS,
  RESET_REFUSAL_MEANINGS,
  RESET_REFUSALS,
  SIGN_IN_REFUSAL_MEANINGS,
  SIGN_IN_REFUSALS,
  STAFF_REFUSAL_MEANINGS,
  STAFF_REFUSALS,
} from '@huitong/identity'
import { FEED_EVENT_TYPES, LEDGER_REFUSALS, VERIFY_FINDINGS } from '@huitong/ledger'
import { LINK_REFUSALS } from '@huitong/links'
import { MARKETING_REFUSALS } from '@huitong/marketing'
import { PARTY_REFUSAL_MEANINGS, PARTY_REFUSALS } from '@huitong/party'
import { PAYMENT_REFUSALS } from '@huitong/payments'
import { LIMIT_REFUSALS } from '@huitong/pricing'
import { RECONCILIATION_REFUSALS } from '@huitong/reconciliation'
import { RESERVE_REFUSALS } from '@huitong/reserve'
import { RISK_REFUSALS } from '@huitong/risk'
import { codePage, refusalPage, refusalPages } from './refusal-page.ts'
import { generatedText } from './text-file.ts'
import { report, type Violation } from './violation.ts'

/** The pages of docs/reference that are written from the code. `--write` brings them up to date; without it they are compared. */
const pages: ReadonlyMap<string, string> = new Map([
  [
    'docs/reference/ledger-refusals.md',
    refusalPage(
      'What the ledger refuses',
      'A refusal changes nothing. See [the ledger](../concepts/ledger.md) for accounts, floors and holds.',
      Object.entries(LEDGER_REFUSALS).map(([code, text]) => ({ code, text })),
    ),
  ],
  [
    'docs/reference/verify-findings.md',
    codePage(
      'What verification can find',
      'A sound ledger has none of these. See [the ledger](../concepts/ledger.md) for what is compared with what.',
      Object.entries(VERIFY_FINDINGS).map(([code, text]) => ({ code, text })),
    ),
  ],
  [
    'docs/reference/ledger-events.md',
    codePage(
      'What the ledger tells of',
      'Types of the events of `GET /v1/ledger/events`. See [events](../concepts/events.md) for their form and how to follow them.',
      Object.entries(FEED_EVENT_TYPES).map(([code, text]) => ({ code, text })),
    ),
  ],
  [
    'docs/reference/party-refusals.md',
    refusalPage(
      'What party refuses',
      'Customers, merchants, applications and payment codes. A refusal changes nothing.',
      PARTY_REFUSALS.map((code) => ({ code, ...PARTY_REFUSAL_MEANINGS[code] })),
    ),
  ],
  [
    'docs/reference/sign-in-refusals.md',
    refusalPages(
      'What sign-in refuses',
      'A refusal changes nothing but the count of attempts. See [signing in](../concepts/sign-in.md).',
      [
        {
          heading: 'One-time links',
          rows: SIGN_IN_REFUSALS.map((code) => ({ code, ...SIGN_IN_REFUSAL_MEANINGS[code] })),
        },
        { heading: 'Passkeys', rows: PASSKEY_REFUSALS.map((code) => ({ code, ...PASSKEY_REFUSAL_MEANINGS[code] })) },
        { heading: 'One-time codes', rows: CODE_REFUSALS.map((code) => ({ code, ...CODE_REFUSAL_MEANINGS[code] })) },
        { heading: 'Staff', rows: STAFF_REFUSALS.map((code) => ({ code, ...STAFF_REFUSAL_MEANINGS[code] })) },
        {
          heading: 'Resets of sign-ins',
          rows: RESET_REFUSALS.map((code) => ({ code, ...RESET_REFUSAL_MEANINGS[code] })),
        },
        { heading: 'Devices', rows: DEVICE_REFUSALS.map((code) => ({ code, ...DEVICE_REFUSAL_MEANINGS[code] })) },
      ],
    ),
  ],
  [
    'docs/reference/limit-refusals.md',
    refusalPage(
      'What limits refuse',
      'Of outlays of customers, and of changes of the numbers behind limits. See [limits](../concepts/limits.md).',
      Object.entries(LIMIT_REFUSALS).map(([code, { text }]) => ({ code, text })),
    ),
  ],
  [
    'docs/reference/reconciliation-refusals.md',
    refusalPage(
      'What reconciliation refuses',
      'Settling of differences. What the ledger refuses of a booking is told in its own words. See [reconciliation](../concepts/reconciliation.md).',
      Object.entries(RECONCILIATION_REFUSALS).map(([code, { text, status }]) => ({ code, text, status })),
    ),
  ],
  [
    'docs/reference/risk-refusals.md',
    refusalPage(
      'What risk refuses',
      'Of changes of the policy by which payments are judged. See [risk decisions](../concepts/risk-decisions.md).',
      Object.entries(RISK_REFUSALS).map(([code, { text }]) => ({ code, text })),
    ),
  ],
  [
    'docs/reference/case-refusals.md',
    refusalPage(
      'What cases refuse',
      'Steps of cases and complaints. A refusal changes nothing. See [cases](../concepts/cases.md).',
      Object.entries(CASE_REFUSALS).map(([code, { text, status }]) => ({ code, text, status })),
    ),
  ],
  [
    'docs/reference/bank-refusals.md',
    refusalPage(
      'What a bank refuses',
      'Its customers, its staff and platforms. What a message asks for and does not get is answered with a reason code instead. See [the bank](../concepts/bank.md).',
      Object.entries(BANK_REFUSALS).map(([code, { text, status }]) => ({ code, text, status })),
    ),
  ],
  [
    'docs/reference/clearing-refusals.md',
    refusalPage(
      'What the clearing house refuses its staff',
      'A message of a participant that comes to nothing is answered with a reason code instead. See [clearing](../concepts/clearing.md).',
      Object.entries(CLEARING_REFUSALS).map(([code, { text, status }]) => ({ code, text, status })),
    ),
  ],
  [
    'docs/reference/link-refusals.md',
    refusalPage(
      'What links refuse',
      'Messages of peers, and changes of peers and keys. See [links](../concepts/links.md).',
      Object.entries(LINK_REFUSALS).map(([code, { text, status }]) => ({ code, text, status })),
    ),
  ],
  [
    'docs/reference/payment-refusals.md',
    refusalPage(
      'What payments refuse',
      'Trades, refunds and transfers. A refusal changes nothing.',
      Object.entries(PAYMENT_REFUSALS).map(([code, { text, status, retry }]) => ({ code, text, status, retry })),
    ),
  ],
  [
    'docs/reference/channel-refusals.md',
    refusalPage(
      'What bank channels refuse',
      'Bank cards, top-ups and withdrawals. A refusal changes nothing. See [bank channels](../concepts/channels.md).',
      Object.entries(CHANNEL_REFUSALS).map(([code, row]) => ({ code, ...row })),
    ),
  ],
  [
    'docs/reference/reserve-refusals.md',
    refusalPage(
      'What the reserve refuses',
      'Moving own money into the customer reserve and out of it. A refusal changes nothing. See [the reserve](../concepts/reserve.md).',
      Object.entries(RESERVE_REFUSALS).map(([code, row]) => ({ code, ...row })),
    ),
  ],
  [
    'docs/reference/family-refusals.md',
    refusalPage(
      'What family links refuse',
      'Links by which a customer pays with a relative’s wallet. A refusal changes nothing. See [family links](../concepts/family-links.md).',
      Object.entries(FAMILY_REFUSALS).map(([code, row]) => ({ code, ...row })),
    ),
  ],
  [
    'docs/reference/marketing-refusals.md',
    refusalPage(
      'What marketing refuses',
      'Campaigns, coupons and red packets. A refusal changes nothing. See [tenders](../concepts/tenders.md).',
      Object.entries(MARKETING_REFUSALS).map(([code, { text, status, retry }]) => ({ code, text, status, retry })),
    ),
  ],
  [
    'docs/reference/escrow-refusals.md',
    refusalPage(
      'What escrow refuses',
      'Guaranteed trades and disputes over them. A refusal changes nothing.',
      Object.entries(ESCROW_REFUSALS).map(([code, { text, status, retry }]) => ({ code, text, status, retry })),
    ),
  ],
])

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } })
const violations: Violation[] = []
for (const [file, text] of pages) {
  if (generatedText(file) === text) continue
  if (values.write) writeFileSync(file, text)
  else violations.push({ rule: 'reference', file, line: 1, message: 'differs from the code; run it with --write' })
}
process.exitCode = report('references', violations, pages.size)
