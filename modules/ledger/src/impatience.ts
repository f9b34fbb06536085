/** Time that runs out unless it is given anew. */
export interface Impatience {
  /** Settles when it has run out. */
  readonly over: Promise<undefined>
  isOver(): boolean
  restart(millis: number): void
  end(): void
}

export function impatience(millis: number): Impatience {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  let isOver = false
  let timer: NodeJS.Timeout | undefined
  const restart = (next: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      isOver = true
      resolve(undefined)
    }, next)
  }
  restart(millis)
  return { over: promise, isOver: () => isOver, restart, end: () => clearTimeout(timer) }
}
