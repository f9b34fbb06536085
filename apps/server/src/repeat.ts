/** Work done again and again, never twice at once. */
export interface Repeated {
  /** Waits for the turn under way; none follows. */
  stop(): Promise<void>
}

/** A turn that returns true found work and is followed by another at once. One that throws is told and tried again later. */
export function repeat(
  everyMs: number,
  turn: () => Promise<boolean | undefined>,
  onError: (error: unknown) => void,
): Repeated {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let wake: () => void = () => undefined

  async function run(): Promise<void> {
    while (!stopped) {
      const more = await turn().catch((error: unknown) => {
        onError(error)
        return false
      })
      if (more === true || stopped) continue
      await new Promise<void>((resolve) => {
        wake = resolve
        timer = setTimeout(resolve, everyMs)
      })
    }
  }

  const running = run()
  return {
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      wake()
      await running
    },
  }
}
