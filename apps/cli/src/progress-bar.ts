const WIDTH = 24
const EVERY_MS = 100

/** A line on the terminal that says how far a long piece of work is. Nothing is shown where nobody looks. */
export interface ProgressBar {
  /** `done` of `total`, in any unit; `text` stands beside the bar. */
  show(done: number, total: number, text: string): void
  end(): void
}

const SILENT: ProgressBar = { show: () => undefined, end: () => undefined }

export function progressBar(hidden = false): ProgressBar {
  if (hidden || process.stderr.isTTY !== true) return SILENT
  const startedAt = performance.now()
  let shownAt = Number.NEGATIVE_INFINITY
  return {
    show: (done, total, text) => {
      const now = performance.now()
      if (now - shownAt < EVERY_MS && done < total) return
      shownAt = now
      process.stderr.write(`\r${barText(done, total, now - startedAt)} ${text}\u001b[K`)
    },
    end: () => process.stderr.write('\r\u001b[K'),
  }
}

/** `[######------]  50 % 0:07 left`. */
export function barText(done: number, total: number, elapsedMs: number): string {
  const share = total <= 0 ? 1 : Math.min(1, done / total)
  const filled = Math.floor(share * WIDTH)
  const seconds = share === 0 ? undefined : Math.round(((elapsedMs / share) * (1 - share)) / 1000)
  const left = seconds === undefined ? '' : ` ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} left`
  const percent = String(Math.floor(share * 100)).padStart(3)
  return `[${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}] ${percent} %${left}`
}
