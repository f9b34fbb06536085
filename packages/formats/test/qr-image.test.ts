import { inflateSync } from 'node:zlib'
import jsqr from 'jsqr'
import { expect, it } from 'vitest'
import { qrPng, qrSvg } from '../src/index.ts'

const TEXTS = ['https://pay.example/q/abc', '0002010102126304ABCD 云河书店', 'x'.repeat(512)]

/** The pixels of one of our own pictures, as a phone's camera would hand them over. */
function pixels(png: Uint8Array): { readonly data: Uint8ClampedArray; readonly size: number } {
  const bytes = Buffer.from(png)
  const size = bytes.readUInt32BE(16)
  const idat = bytes.indexOf('IDAT')
  const raw = inflateSync(bytes.subarray(idat + 4, idat + 4 + bytes.readUInt32BE(idat - 4)))
  const stride = 1 + Math.ceil(size / 8)
  const data = new Uint8ClampedArray(size * size * 4)
  for (let at = 0; at < size * size; at += 1) {
    const [x, y] = [at % size, Math.floor(at / size)]
    const light = ((raw[y * stride + 1 + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) !== 0
    data.set(light ? [255, 255, 255, 255] : [0, 0, 0, 255], at * 4)
  }
  return { data, size }
}

it.each(TEXTS)('a picture of %s is read by a decoder of other people', (text) => {
  const png = qrPng(text, 4)
  if (!png.ok) throw new Error(png.error)
  const { data, size } = pixels(png.value)
  const read = typeof jsqr === 'function' ? jsqr : jsqr.default
  expect(read(data, size, size)?.data).toBe(text)
})

it('a drawing has no style and no script, and its title is harmless', () => {
  const svg = qrSvg('abc', `<b>"'&`)
  if (!svg.ok) throw new Error(svg.error)
  expect(svg.value).not.toMatch(/style|script|<b>/)
  expect(svg.value).toContain('aria-label="&#60;b&#62;&#34;&#39;&#38;"')
})

it('a text that no phone would read is refused', () => {
  expect(qrSvg('x'.repeat(1025), '')).toEqual({ ok: false, error: 'too_long' })
  expect(qrPng('x'.repeat(1025))).toEqual({ ok: false, error: 'too_long' })
})
