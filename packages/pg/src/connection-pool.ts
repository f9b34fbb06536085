import type { SessionSettings, SingleConnection } from './single-connection.ts'
import { quoteName } from './sql.ts'

/** The database role that institutions' connections work as: it may do what each module's migrations grant. */
export const applicationRole = 'huitong_app'

/** A connection that one piece of work has for itself, set to its institution. */
export interface Lease {
  readonly connection: SingleConnection
  /** Gives it back; a connection whose state is in doubt is `discard`ed instead. */
  release(): void
  discard(): Promise<void>
}

export interface ConnectionPool {
  lease(schema: string): Promise<Lease>
  close(): Promise<void>
}

interface Member {
  readonly connection: SingleConnection
  schema: string
}

interface Waiter {
  readonly schema: string
  readonly resolve: (lease: Lease) => void
  readonly reject: (error: unknown) => void
}

/**
 * At most `connectionsMax` connections serve all institutions. An idle one of the same institution is taken first, the one used
 * last, for its caches are warm; then a new one while there is room; then the idle one unused for longest changes institution. Only that
 * change costs a statement. Work that finds none waits in order of arrival.
 */
export function connectionPool(
  openConnection: (session: SessionSettings) => Promise<SingleConnection>,
  connectionsMax: number,
): ConnectionPool {
  /** Least recently used first. */
  const idle: Member[] = []
  const waiters: Waiter[] = []
  let open = 0
  let closing = false
  let reportDrained: () => void = () => undefined

  function settle(waiter: Waiter): void {
    const index = idle.findLastIndex((member) => member.schema === waiter.schema && !member.connection.closed)
    const [same] = index === -1 ? [] : idle.splice(index, 1)
    if (same !== undefined) {
      waiter.resolve(lend(same))
      return
    }
    if (open < connectionsMax) {
      open += 1
      void connect(waiter)
      return
    }
    const oldest = idle.shift()
    if (oldest === undefined) waiters.push(waiter)
    else void change(oldest, waiter)
  }

  async function connect(waiter: Waiter): Promise<void> {
    try {
      const connection = await openConnection({ role: applicationRole, search_path: quoteName(waiter.schema) })
      const member = { connection, schema: waiter.schema }
      void connection.ended.then(() => forget(member))
      waiter.resolve(lend(member))
    } catch (error) {
      open -= 1
      waiter.reject(error)
      serveNext()
    }
  }

  async function change(member: Member, waiter: Waiter): Promise<void> {
    try {
      if (member.schema !== waiter.schema) {
        await member.connection.sql.unsafe(`set search_path to ${quoteName(waiter.schema)}`)
        member.schema = waiter.schema
      }
      waiter.resolve(lend(member))
    } catch (error) {
      await member.connection.close()
      waiter.reject(error)
    }
  }

  function lend(member: Member): Lease {
    return {
      connection: member.connection,
      release: () => {
        if (member.connection.closed) return
        idle.push(member)
        serveNext()
      },
      discard: () => member.connection.close(),
    }
  }

  function forget(member: Member): void {
    open -= 1
    const index = idle.indexOf(member)
    if (index !== -1) idle.splice(index, 1)
    serveNext()
  }

  function serveNext(): void {
    if (closing) {
      for (const member of idle.splice(0)) void member.connection.close()
      if (open === 0) reportDrained()
      return
    }
    const next = waiters.shift()
    if (next !== undefined) settle(next)
  }

  return {
    lease: (schema) =>
      new Promise((resolve, reject) => {
        if (closing) reject(new Error('the connections to PostgreSQL are being closed'))
        else settle({ schema, resolve, reject })
      }),
    close: async () => {
      closing = true
      for (const waiter of waiters.splice(0)) waiter.reject(new Error('the connections to PostgreSQL are being closed'))
      const drained = new Promise<void>((resolve) => {
        reportDrained = resolve
      })
      serveNext()
      if (open > 0) await drained
    },
  }
}
