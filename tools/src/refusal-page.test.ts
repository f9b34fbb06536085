import { expect, test } from 'vitest'
import { refusalPage } from './refusal-page.ts'

test('a list keeps its order and is numbered by precedence', () => {
  const page = refusalPage('Refusals', 'Of the ledger.', [
    { code: 'amount_not_positive', text: 'More than zero.' },
    { code: 'account_closed', text: 'It is closed.' },
  ])
  expect(page).toContain('|  | code | meaning |\n| --- | --- | --- |\n| 1 | `amount_not_positive` | More than zero. |')
  expect(page).toContain('| 2 | `account_closed` | It is closed. |')
})

test('status and the worth of another try are shown where the list says them', () => {
  const page = refusalPage('Refusals', 'Of payments.', [
    { code: 'trade_not_found', text: 'No such trade.', status: 404, retry: false },
    { code: 'payer_without_funds', text: 'Too little.', status: 409, retry: true },
  ])
  expect(page).toContain('| 1 | `trade_not_found` | No such trade. | 404 | no |')
  expect(page).toContain('| 2 | `payer_without_funds` | Too little. | 409 | later, under a new key |')
})
