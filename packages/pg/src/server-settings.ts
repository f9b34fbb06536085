import { totalmem } from 'node:os'

const megabyte = 1024 * 1024

export interface ListenSettings {
  /** Empty: no TCP at all, only the Unix socket inside the cluster's folder. */
  readonly tcpAddress: '' | '127.0.0.1'
  readonly port: number
}

/** Memory this process may use: a container's limit counts, not the host's size. */
function memoryBytes(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}

/** Cache of the server: an eighth of the memory, 128 MB to 1 GB. */
function sharedBuffersMegabytes(memory: number): number {
  return Math.min(1024, Math.max(128, Math.floor(memory / 8 / megabyte)))
}

/**
 * The settings that the server runs with, as the text of postgresql.conf; rewritten at every start. What an operator
 * sets with `alter system` stands in a file of its own and wins.
 */
export function serverSettings(listen: ListenSettings, extra: Readonly<Record<string, string>>): string {
  const settings: Record<string, string> = {
    listen_addresses: listen.tcpAddress,
    port: String(listen.port),
    unix_socket_directories: '.',
    unix_socket_permissions: '0700',
    max_connections: '64',
    shared_buffers: `${sharedBuffersMegabytes(memoryBytes())}MB`,
    // Durability: nothing acknowledged is lost when the power fails.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    // Few checkpoints, because each one makes every page it touches be logged whole once more.
    wal_level: 'replica',
    max_wal_size: '4GB',
    min_wal_size: '256MB',
    wal_buffers: '16MB',
    checkpoint_timeout: '15min',
    checkpoint_completion_target: '0.9',
    // Off by measure of cost: pglz would take the core that the committer needs.
    wal_compression: 'off',
    archive_mode: 'on',
    archive_command: archiveCommand,
    // For standbys of ours: one at work, one being copied, and room for their next connections. Memory for each is a few KB.
    max_wal_senders: '4',
    // What a standby that was away can still catch up with. No slot keeps it, so one that never comes back fills no disk.
    wal_keep_size: '512MB',
    // One statement, one core: operators' reports must not take the committer's.
    max_parallel_workers_per_gather: '0',
    jit: 'off',
    random_page_cost: '1.1',
    autovacuum_naptime: '20s',
    // An idle transaction would hold back vacuum for everybody.
    idle_in_transaction_session_timeout: '10min',
    timezone: 'UTC',
    log_timezone: 'UTC',
    datestyle: 'ISO, YMD',
    log_line_prefix: '',
    log_min_messages: 'warning',
    log_checkpoints: 'off',
    ...extra,
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`)
  return `# Written at every start of the server; use "alter system" for settings of your own.\n${lines.join('\n')}\n`
}

/** The folder, inside the cluster's, that keeps finished segments of the write-ahead log. The first backup makes it. */
export const archiveFolder = 'wal_archive'

/**
 * Keeps finished segments only where that folder exists, so a server without a backup fills no disk with what nobody can use; each
 * backup removes what is older than the one before it. Segments are not cut by time: the archive lies on the same disk as
 * the log itself, and a restore reads the unfinished segment from there.
 */
const archiveCommand = [
  `test ! -d ${archiveFolder} || test -f "${archiveFolder}/%f"`,
  `{ cp "%p" "${archiveFolder}/%f.part" && sync "${archiveFolder}/%f.part" && mv "${archiveFolder}/%f.part" "${archiveFolder}/%f"; }`,
].join(' || ')

/** Passwords everywhere, also on the socket: one way to sign in, whoever the operating-system user is. Standbys are no exception. */
export const hostRules = ['all', 'replication']
  .flatMap((database) => [`local ${database} all scram-sha-256\n`, `host ${database} all 127.0.0.1/32 scram-sha-256\n`])
  .join('')
