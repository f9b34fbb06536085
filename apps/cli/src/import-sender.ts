import { setTimeout as sleep } from 'node:timers/promises'
import { CliError, EXIT } from './cli-error.ts'
import type { FilePiece } from './import-pieces.ts'
import { problemText, type RunningServer } from './running-server.ts'

/** How a file is read: its format, and the columns of a CSV file. */
export interface PieceFormat {
  readonly format: 'csv' | 'jsonl'
  readonly columns?: readonly string[]
}

export interface ImportCounts {
  readonly nextLine: number
  readonly accepted: number
  readonly repeated: number
  readonly refused: number
}

/** Pieces under way at a time: the server reads some while it commits others. */
const WINDOW = 8

/**
 * Sends the pieces of a file in their order. Several are under way at once; one that overtook another is told so by the server and
 * goes again behind it. Tells after each piece how far the file has come in.
 */
export async function sendPieces(
  server: RunningServer,
  id: string,
  format: PieceFormat,
  pieces: AsyncIterable<FilePiece>,
  onDone: (piece: FilePiece, counts: ImportCounts) => void,
): Promise<void> {
  const underWay: Promise<void>[] = []
  let previous: Promise<void> = Promise.resolve()

  async function send(piece: FilePiece, before: Promise<void>): Promise<void> {
    const { firstLine, text } = piece
    const body = { ...format, firstLine, text }
    for (let tries = 1; ; tries += 1) {
      const { status, fields, retryAfterSeconds } = await server.ask('POST', `/v1/ledger/imports/${id}/lines`, body)
      if (status === 200) {
        onDone(piece, countsOf(fields))
        return
      }
      const early = status === 409 && fields.code === 'import_line_missing'
      if (early && tries < 3) await before
      else if ((status === 503 || status === 504) && tries < 100) await sleep(Math.max(100, retryAfterSeconds * 1000))
      else
        throw new CliError(EXIT.refused, `Lines ${firstLine} to ${piece.endLine - 1}: ${problemText(fields, status)}`)
    }
  }

  for await (const piece of pieces) {
    const sent = send(piece, previous)
    // It is awaited later; until then its failure must not count as one that nobody looks at.
    sent.catch(() => undefined)
    previous = sent
    underWay.push(sent)
    if (underWay.length >= WINDOW) await underWay.shift()
  }
  await Promise.all(underWay)
}

export function countsOf(fields: Readonly<Record<string, unknown>>): ImportCounts {
  const { nextLine, accepted, repeated, refused } = fields
  return {
    nextLine: Number(nextLine ?? 1),
    accepted: Number(accepted ?? 0),
    repeated: Number(repeated ?? 0),
    refused: Number(refused ?? 0),
  }
}
