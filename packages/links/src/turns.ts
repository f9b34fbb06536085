/** How many messages of a link may be on their way at once. A receiver parks those whose predecessor has not been taken yet. */
export const WINDOW = 16
/** How long a message is parked before it is refused as out of order. */
export const PARKED_MS = 2000

/** Keeps the messages of each link in order while several of them arrive at once. */
export interface Turns {
  /** True when it is the message's turn; false when its predecessor did not come in time. `received` reads the last number that was taken. */
  await(from: string, number: number, received: () => Promise<number>): Promise<boolean>
  taken(from: string, number: number): void
}

export function createTurns(parkedMs: number): Turns {
  const parked = new Map<string, () => void>()

  return {
    await: async (from, number, received) => {
      const key = `${from} ${number}`
      // Parked before it looks: the predecessor may be taken between the two.
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const pass = (): void => resolve(true)
      parked.set(key, pass)
      const timer = setTimeout(() => resolve(false), parkedMs)
      try {
        const last = await received()
        if (number <= last + 1) return true
        return number <= last + WINDOW && (await promise)
      } finally {
        clearTimeout(timer)
        if (parked.get(key) === pass) parked.delete(key)
      }
    },
    taken: (from, number) => parked.get(`${from} ${number + 1}`)?.(),
  }
}
