import { crc32, deflateSync } from 'node:zlib'
import { err, ok, type Result } from '@huitong/kernel'
import encodeQR from 'qr'

/*
 * Codes as pictures. The squares come from a library that others check too; a picture of them is small enough to be written here. Error
 * correction is medium: a scratch of 15 % is still read, which paper needs and screens do not mind.
 */

const QUIET = 4

function squares(text: string): Result<readonly (readonly boolean[])[], 'too_long'> {
  // The largest square that phones read well holds this much at medium correction.
  if (Buffer.byteLength(text) > 1024) return err('too_long')
  return ok(encodeQR(text, 'raw', { ecc: 'medium', border: QUIET }))
}

/** A picture without any style or script, so that it also stands inside a page of strict policy. `title` is for those who do not see it. */
export function qrSvg(text: string, title: string): Result<string, 'too_long'> {
  const rows = squares(text)
  if (!rows.ok) return rows
  const size = rows.value.length
  const path = rows.value
    .flatMap((row, y) => runs(row).map(([x, width]) => `M${x} ${y}h${width}v1h-${width}z`))
    .join('')
  const name = title.replaceAll(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
  return ok(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" role="img" aria-label="${name}" shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/><path d="${path}" fill="#000"/></svg>`,
  )
}

/** Dark stretches of a row, as start and width. */
function runs(row: readonly boolean[]): readonly (readonly [number, number])[] {
  const found: [number, number][] = []
  row.forEach((dark, x) => {
    const last = found.at(-1)
    if (!dark) return
    if (last !== undefined && last[0] + last[1] === x) last[1] += 1
    else found.push([x, 1])
  })
  return found
}

/** A black and white PNG, `scale` pixels a square. */
export function qrPng(text: string, scale = 8): Result<Uint8Array, 'too_long'> {
  const rows = squares(text)
  if (!rows.ok) return rows
  const size = rows.value.length * scale
  const stride = 1 + Math.ceil(size / 8)
  const pixels = Buffer.alloc(stride * size)
  rows.value.forEach((row, y) => {
    const line = Buffer.alloc(stride)
    for (let x = 0; x < size; x += 1) {
      const light = row[Math.floor(x / scale)] !== true
      if (light) line[1 + (x >> 3)] = (line[1 + (x >> 3)] ?? 0) | (0x80 >> (x & 7))
    }
    for (let copy = 0; copy < scale; copy += 1) line.copy(pixels, (y * scale + copy) * stride)
  })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  // One bit a pixel, greyscale.
  header[8] = 1
  return ok(
    Buffer.concat([
      SIGNATURE,
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(pixels)),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  )
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
