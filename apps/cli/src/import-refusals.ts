import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { csvText } from '@huitong/ledger'
import { filePieces } from './import-pieces.ts'

export interface RefusedLine {
  readonly line: number
  readonly code: string
  readonly detail: string
}

/**
 * Writes the refused lines with their numbers, reasons and texts as CSV, so that they can be mended and brought in as a file of their own.
 * `refusals` come in the order of their numbers. Returns how many there were.
 */
export async function writeRefusals(
  file: string,
  source: string,
  refusals: AsyncIterable<RefusedLine>,
): Promise<number> {
  const out = createWriteStream(file)
  out.write('line,code,detail,text\n')
  const lines = numberedLines(source)
  let count = 0
  for await (const { line, code, detail } of refusals) {
    let text = ''
    for (;;) {
      const next = await lines.next()
      if (next.done === true) break
      if (next.value.line < line) continue
      text = next.value.text
      break
    }
    count += 1
    if (!out.write(`${[String(line), code, detail, text].map(csvText).join()}\n`)) await once(out, 'drain')
  }
  await lines.return(undefined)
  out.end()
  await finished(out)
  return count
}

async function* numberedLines(path: string): AsyncGenerator<{ readonly line: number; readonly text: string }> {
  for await (const piece of filePieces(path)) {
    for (const [index, text] of piece.text.split('\n').entries()) {
      yield { line: piece.firstLine + index, text: text.endsWith('\r') ? text.slice(0, -1) : text }
    }
  }
}
