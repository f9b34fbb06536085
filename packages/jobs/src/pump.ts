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
  /** A turn that throws is followed by a rest, like one that found nothing. */
  readonly onError: (error: unknown) => void
}

/** A wake that arrives during a turn counts: another turn follows, because this one may have looked too early. */
export function pump(options: PumpOptions): Pump {
  let stopping = false
  let woken = false
  let endRest: () => void = () => undefined

  function rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, options.restMillis)
      endRest = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function run(): Promise<void> {
    while (!stopping) {
      woken = false
      let more = false
      try {
        more = await options.turn()
      } catch (error) {
        options.onError(error)
        woken = false
      }
      if (!more && !woken && !stopping) await rest()
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
      await running
    },
  }
}
