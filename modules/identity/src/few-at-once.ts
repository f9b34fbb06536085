/** Runs work so that at most `max` pieces of it are under way; the others wait for their turn, in the order in which they came. */
export function fewAtOnce(max: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0

  return async (work) => {
    if (running < max) running += 1
    // Whoever ends hands its place on, so the count stays as it is.
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}
