/** What the ledger's public ids begin with. */
export const ACCOUNT_ID = 'acct'
export const TRANSFER_ID = 'tran'
