import { readFile, stat } from 'node:fs/promises'
import { ServerStartError } from './server-error.ts'

/** An operating-system user that PostgreSQL runs as when we are root, which it refuses to be. */
export interface SystemUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

const preferred = ['nobody', 'postgres', 'daemon', 'www-data']

/** Users of a passwd file that are not root, in file order. */
function parsePasswd(text: string): readonly SystemUser[] {
  const users: SystemUser[] = []
  for (const line of text.split('\n')) {
    const [name, , uidText, gidText] = line.split(':')
    if (name === undefined || uidText === undefined || gidText === undefined) continue
    const uid = Number(uidText)
    const gid = Number(gidText)
    if (uidText !== '' && gidText !== '' && Number.isInteger(uid) && uid > 0 && Number.isInteger(gid) && gid > 0) {
      users.push({ name, uid, gid })
    }
  }
  return users
}

/** The least powerful user known: `nobody`, or another system user, or whoever there is besides root. */
export function choosePasswdUser(text: string): SystemUser {
  const users = parsePasswd(text)
  for (const name of preferred) {
    const user = users.find((candidate) => candidate.name === name)
    if (user !== undefined) return user
  }
  const first = users[0]
  if (first !== undefined) return first
  const message = 'PostgreSQL does not run as root and /etc/passwd names no other user; add one, for example "nobody".'
  throw new ServerStartError('no_unprivileged_user', message)
}

/**
 * Whom to run PostgreSQL as: undefined means as ourselves. A cluster that already belongs to somebody keeps its owner,
 * because PostgreSQL insists that the owner of the folder and of the process are the same. A uid without a passwd
 * entry would fail in initdb.
 */
export async function postgresUser(clusterFolder: string): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const owner = await stat(clusterFolder).catch(() => undefined)
  if (owner !== undefined && owner.uid !== 0) {
    const known = parsePasswd(passwd).find((user) => user.uid === owner.uid)
    if (known !== undefined) return known
  }
  return choosePasswdUser(passwd)
}
