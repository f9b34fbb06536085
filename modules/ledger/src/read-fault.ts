import { ConnectionLost, errorCode, ServerStartError } from '@huitong/pg'

/**
 * What it means that a statement failed on a replica:
 *
 * - `cancelled`: PostgreSQL gave it up although nothing is wrong with it. The log that a standby replays may take rows away that the
 *   statement still looks at (40001, 40P01), or it took too long (57014, 25P03);
 * - `unreachable`: the server or the way to it is gone, or it does not let us in;
 * - `failed`: anything else, such as a table that has not come by the log yet.
 */
export type ReadFault = 'cancelled' | 'unreachable' | 'failed'

const CANCELLED = ['40001', '40P01', '57014', '25P03']
/** Node's, the driver's, and PostgreSQL's classes of connection, sign-in, resources and shutdown. */
const UNREACHABLE = /^(?:E[A-Z]+|CONNECT\w+|08\w{3}|28\w{3}|53\w{3}|57P\w{2})$/

export function readFault(error: unknown): ReadFault {
  if (error instanceof ConnectionLost || error instanceof ServerStartError) return 'unreachable'
  const code = errorCode(error) ?? ''
  if (CANCELLED.includes(code)) return 'cancelled'
  return UNREACHABLE.test(code) ? 'unreachable' : 'failed'
}
