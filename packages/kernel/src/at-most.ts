/** Waits for the work, but no longer than this: what cannot end, such as commands on a full disk, must not hold up the end of the rest. */
export async function atMost(millis: number, work: PromiseLike<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, millis)
  })
  try {
    await Promise.race([work, over])
  } finally {
    clearTimeout(timer)
  }
}
