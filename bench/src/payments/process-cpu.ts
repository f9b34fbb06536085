import { readdirSync, readFileSync } from 'node:fs'

/** CPU time in µs since each began, of the server with all its threads, of PostgreSQL with all its processes, and of this client. */
export interface CpuTimes {
  readonly server: number
  readonly postgres: number
  readonly client: number
}

// Linux counts in hundredths of a second for programs, whatever its own clock does.
const MICROS_A_TICK = 10_000

export function cpuTimes(server: number, postmaster: number): CpuTimes {
  const { user, system } = process.cpuUsage()
  const processes = statuses()
  let postgres = 0
  for (const { pid, parent, micros, childMicros } of processes) {
    if (pid === postmaster) postgres += micros + childMicros
    else if (parent === postmaster) postgres += micros
  }
  const own = processes.find(({ pid }) => pid === server)
  return { server: own?.micros ?? 0, postgres, client: user + system }
}

export function cpuBetween(before: CpuTimes, after: CpuTimes): CpuTimes {
  return {
    server: after.server - before.server,
    postgres: after.postgres - before.postgres,
    client: after.client - before.client,
  }
}

interface Status {
  readonly pid: number
  readonly parent: number
  readonly micros: number
  /** Of children that ended, whose time would be lost otherwise. */
  readonly childMicros: number
}

/** One look at each process; empty where there is no /proc, and then every time is told as zero. */
function statuses(): readonly Status[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap(statusOf)
  } catch {
    return []
  }
}

function statusOf(name: string): readonly Status[] {
  try {
    const text = readFileSync(`/proc/${name}/stat`, 'latin1')
    // The name of the program may hold anything, so fields are counted from behind it; the first is the state.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const ticks = (first: number) => ((fields[first] ?? 0) + (fields[first + 1] ?? 0)) * MICROS_A_TICK
    return [{ pid: Number(name), parent: fields[1] ?? 0, micros: ticks(11), childMicros: ticks(13) }]
  } catch {
    // It ended while we looked.
    return []
  }
}
