import { AmountText, LineText, PublicId } from '@huitong/contract'
import { badField } from '@huitong/http'
import type { Chance } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import type { BankAccount } from './account.ts'
import { ACCOUNT_ID, AccountNumber, Member } from './bank-views.ts'
import { readYuan } from './route-parts.ts'
import type { SendInput } from './send-command.ts'

/** A credit transfer as it is asked for. */
export const TransferRequest = Type.Object({
  account: PublicId(ACCOUNT_ID),
  amount: AmountText,
  payeeBank: Member,
  payeeAccount: AccountNumber,
  payeeName: LineText(64),
  remittance: Type.Optional(LineText(140)),
  mode: Type.Optional(
    Type.Union([Type.Literal('gross'), Type.Literal('net')], {
      default: 'net',
      description: 'gross: by itself, on business days; net: round the clock, up to the cap of the bank',
    }),
  ),
})

export function sendInput(
  body: Static<typeof TransferRequest>,
  account: BankAccount,
  customer: number | null,
  chance: Pick<Chance, 'uuid'>,
): SendInput {
  const { amount, payeeBank, payeeAccount, payeeName, remittance = null, mode = 'net' } = body
  if (payeeAccount === account.number) throw badField('payeeAccount', 'own_account', 'is the account that pays')
  return {
    ...{ account: account.number, customer, amountMinor: readYuan('amount', amount), mode },
    ...{ payeeBank, payeeAccount, payeeName, remittance, uetr: chance.uuid() },
  }
}
