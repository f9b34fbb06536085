import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** Consecutive whole lines of a file. */
export interface FilePiece {
  readonly firstLine: number
  /** The first line behind it. */
  readonly endLine: number
  readonly text: string
  /** Bytes of the file that were read up to its end. */
  readonly bytes: number
}

const NEWLINE = 10
const LINES_MAX = 500
const BYTES_MAX = 256 * 1024

/** Not fatal: what is not UTF-8 becomes U+FFFD, and the line that has it is refused, not the file. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** SHA-256 of a file, hexadecimal. */
export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk)
  return hash.digest('hex')
}

/** Reads a file from a line on, piece by piece; never more of it is in memory than a piece and what the disk gave at once. */
export async function* filePieces(path: string, fromLine = 1): AsyncGenerator<FilePiece> {
  let rest: Buffer = Buffer.alloc(0)
  let line = 1
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 512 * 1024 })) {
    if (!Buffer.isBuffer(chunk)) continue
    const buffer: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let start = 0
    let lines = 0
    let search = rest.length
    for (;;) {
      const newline = buffer.indexOf(NEWLINE, search)
      if (newline === -1) break
      search = newline + 1
      lines += 1
      if (line + lines <= fromLine) {
        start = search
        line += lines
        lines = 0
      } else if (lines === LINES_MAX || search - start >= BYTES_MAX) {
        yield piece(buffer.subarray(start, newline), line, lines, bytes + search)
        line += lines
        start = search
        lines = 0
      }
    }
    if (lines > 0) {
      const end = buffer.lastIndexOf(NEWLINE)
      yield piece(buffer.subarray(start, end), line, lines, bytes + end + 1)
      line += lines
      start = end + 1
    }
    bytes += start
    rest = buffer.subarray(start)
  }
  if (rest.length > 0 && line >= fromLine) yield piece(rest, line, 1, bytes + rest.length)
}

function piece(bytes: Buffer, firstLine: number, lines: number, read: number): FilePiece {
  return { firstLine, endLine: firstLine + lines, text: utf8.decode(bytes), bytes: read }
}
