import type { Clock, Micros } from '@huitong/kernel'

/**
 * Counts failures by address, in memory. Tokens cannot be guessed at any rate, so this only keeps guessing from costing us
 * database work; that is why it may forget: at a restart, and the longest known address when there are too many.
 */
export interface AttemptLimiter {
  /** Whether this address failed too often lately. */
  isBlocked(address: string): boolean
  /** How long it stays blocked; 0 when it is not. */
  blockedFor(address: string): Micros
  failed(address: string): void
}

export interface AttemptLimits {
  readonly failuresMax: number
  readonly windowMicros: Micros
  readonly addressesMax: number
}

export function attemptLimiter(clock: Clock, limits: AttemptLimits): AttemptLimiter {
  const windows = new Map<string, { readonly since: Micros; readonly failures: number }>()

  function current(key: string): { readonly since: Micros; readonly failures: number } | undefined {
    const found = windows.get(key)
    if (found === undefined) return undefined
    const age = clock.now() - found.since
    if (age >= 0 && age < limits.windowMicros) return found
    windows.delete(key)
    return undefined
  }

  function blockedFor(address: string): Micros {
    const found = current(network(address))
    if (found === undefined || found.failures < limits.failuresMax) return 0
    return found.since + limits.windowMicros - clock.now()
  }

  return {
    blockedFor,
    isBlocked: (address) => blockedFor(address) > 0,
    failed: (address) => {
      const key = network(address)
      const found = current(key)
      windows.set(key, { since: found?.since ?? clock.now(), failures: (found?.failures ?? 0) + 1 })
      if (windows.size <= limits.addressesMax) return
      for (const oldest of windows.keys()) {
        windows.delete(oldest)
        return
      }
    },
  }
}

/** An IPv4 address itself; of an IPv6 address its first 64 bits, since a single subscriber has all addresses below them. */
export function network(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped?.[1] !== undefined) return mapped[1]
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  const groups = [...before, ...zeros, ...after].slice(0, 4)
  return groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')
}
