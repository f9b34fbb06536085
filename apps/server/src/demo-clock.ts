import { type Clock, invariant, type Micros, shiftedClock } from '@huitong/kernel'
import { type DataFolder, readIfThere, writePrivateFile } from './data-folder.ts'

/** The demo world's clock: the machine's, moved forward as often as somebody asked. The shift is kept in the data folder. */
export interface DemoClock extends Clock {
  readonly shift: Micros
  /** Moves time forward for good. Durable when it resolves. */
  advance(by: Micros): Promise<void>
}

export async function openDemoClock(folder: DataFolder, base: Clock): Promise<DemoClock> {
  let shift = readShift(await readIfThere(folder.clockFile))
  return {
    get shift() {
      return shift
    },
    now: () => shiftedClock(base, shift).now(),
    advance: async (by) => {
      invariant(Number.isSafeInteger(by) && by > 0, 'a clock of the demo moves forward only')
      await writePrivateFile(folder.clockFile, `${JSON.stringify({ shiftMicros: shift + by })}\n`)
      shift += by
    },
  }
}

function readShift(text: string | undefined): Micros {
  if (text === undefined) return 0
  const value: unknown = JSON.parse(text)
  const shift = typeof value === 'object' && value !== null && 'shiftMicros' in value ? value.shiftMicros : undefined
  invariant(typeof shift === 'number' && Number.isSafeInteger(shift) && shift >= 0, 'demo-clock.json is not readable')
  return shift
}
