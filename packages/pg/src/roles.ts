import { applicationRole } from './connection-pool.ts'
import { committerRole } from './dedicated-connection.ts'
import { errorCode, ServerStartError } from './server-error.ts'
import { quoteName, type Sql } from './sql.ts'

/** A number of ours among the server's advisory locks; any would do that nobody else takes. */
const rolesLock = 4_857_001n

/**
 * Makes sure that the two roles exist and that the login user may work as them. Roles belong to the whole server, so two
 * programs that start at once may both try: an advisory lock lets one go first, and what exists already is no error.
 */
export async function ensureRoles(sql: Sql): Promise<void> {
  const roles = [applicationRole, committerRole]
  if (await haveRoles(sql, roles)) return
  await sql`select pg_advisory_lock(${rolesLock})`
  try {
    for (const role of roles) await ensureRole(sql, role)
  } catch (error) {
    if (errorCode(error) !== '42501') throw error
    const message = `The database user may not create the roles ${roles.join(' and ')}; let an administrator create them and grant both to it.`
    throw new ServerStartError('role_not_permitted', message, { cause: error })
  } finally {
    await sql`select pg_advisory_unlock(${rolesLock})`
  }
}

async function haveRoles(sql: Sql, roles: readonly string[]): Promise<boolean> {
  const rows = await sql<{ rolname: string }[]>`
    select rolname from pg_roles
    where rolname in (${roles[0] ?? ''}, ${roles[1] ?? ''}) and pg_has_role(current_user, oid, 'member')`
  return rows.length === roles.length
}

async function ensureRole(sql: Sql, role: string): Promise<void> {
  await sql.unsafe(`create role ${quoteName(role)} nologin`).catch((error: unknown) => {
    // Exists already, in its two shapes: seen before, or created by somebody at this moment.
    if (errorCode(error) !== '42710' && errorCode(error) !== '23505') throw error
  })
  await sql.unsafe(`grant ${quoteName(role)} to current_user`)
}
