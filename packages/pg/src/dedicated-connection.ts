import type { ConnectionOptions } from './connection-options.ts'
import { openSingleConnection, type SingleConnection } from './single-connection.ts'
import { quoteName } from './sql.ts'

/** The database role of the committer: the only one that may write the ledger's tables. */
export const committerRole = 'huitong_committer'

export interface DedicatedOptions {
  /** The database role to work as; the login user's own when missing. */
  readonly role?: string
}

/**
 * One connection that stays with one institution. A statement starts when it is awaited, by `then` or by `execute()`, not when it
 * is written down: call `execute()` where order matters. Statements started without awaiting each other travel together and run in
 * order, so `begin`, reads, writes and `commit` of a batch cost one round trip where nothing has to be decided between them. A
 * statement's first run costs one more, in which the server names its types. When one fails inside a transaction, those sent
 * after it reject too and a pipelined `commit` answers with the command `ROLLBACK` and no error: look at it.
 */
export type DedicatedConnection = SingleConnection

export function openDedicated(
  connection: ConnectionOptions,
  schema: string,
  options: DedicatedOptions = {},
): Promise<DedicatedConnection> {
  const role = options.role === undefined ? {} : { role: options.role }
  return openSingleConnection(connection, { search_path: quoteName(schema), ...role })
}
