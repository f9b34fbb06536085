import type { Clock } from '@huitong/kernel'
import { claimDue, type DeliveryDeps, deliver } from './notification-delivery.ts'

export interface Sender {
  /** Starts no delivery any more and waits for those under way. */
  stop(): Promise<void>
}

export interface SenderOptions extends DeliveryDeps {
  readonly clock: Clock
  readonly onError: (error: unknown) => void
  /** How often it looks for what is due; 500 unless told. */
  readonly lookEveryMs?: number
}

// A slow merchant holds one of these for five seconds; the others are told meanwhile.
const UNDER_WAY_MAX = 64

/**
 * Delivers notifications when they are due by the institution's clock. Their table is the queue, rather than the job queue, which
 * goes by the machine's clock: in the demo the two differ by days.
 */
export function startSender(options: SenderOptions): Sender {
  const underWay = new Set<Promise<void>>()
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()

  async function look(): Promise<void> {
    const room = UNDER_WAY_MAX - underWay.size
    if (room <= 0) return
    const now = options.clock.now()
    for (const notification of await claimDue(options, now, room)) {
      const delivery = deliver(options, notification, now).catch(options.onError)
      underWay.add(delivery)
      delivery.finally(() => underWay.delete(delivery))
    }
  }

  function next(): void {
    if (stopped) return
    timer = setTimeout(() => {
      looking = look().catch(options.onError).finally(next)
    }, options.lookEveryMs ?? 500)
  }

  next()
  return {
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await looking
      await Promise.all(underWay)
    },
  }
}
