/** Work that is done in turns until stopped. */
export interface Pump {
  wake(): void
  /** Waits for the turn under way. */
  stop(): Promise<void>
}

export interface PumpOptions {
  /** Does a piece of work; true when another piece waits. */
  readonly turn: () => Promise<boolean>
  readonly restMillis: number
  /** From one turn's start to the next one's, unless the first says that more waits; what arrives meanwhile is done in one turn. */
  readonly gatherMillis?: number
  /** A turn that throws is followed by a rest, like one that found nothing. */
  readonly onError: (error: unknown) => void
}

/** A wake that arrives during a turn counts: another turn follows, because this one may have looked too early. */
export function pump(options: PumpOptions): Pump {
  let stopping = false
  let woken = false
  let endRest: () => void = () => undefined
  let endGathering: () => void = () => undefined

  function pause(millis: number, endedBy: (end: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis)
      endedBy(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  function rest(): Promise<void> {
    return pause(options.restMillis, (end) => {
      endRest = end
    })
  }

  async function gather(until: number): Promise<void> {
    const left = until - performance.now()
    if (left <= 0) return
    await pause(left, (end) => {
      endGathering = end
    })
  }

  async function run(): Promise<void> {
    while (!stopping) {
      const nextTurn = performance.now() + (options.gatherMillis ?? 0)
      woken = false
      let more = false
      try {
        more = await options.turn()
      } catch (error) {
        options.onError(error)
        woken = false
      }
      if (more) continue
      if (!woken && !stopping) await rest()
      if (!stopping) await gather(nextTurn)
    }
  }

  const running = run()
  return {
    wake: () => {
      woken = true
      endRest()
    },
    stop: async () => {
      stopping = true
      endRest()
      endGathering()
      await running
    },
  }
}
