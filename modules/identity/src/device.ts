import { MICROS_PER_SECOND, type Micros } from '@huitong/kernel'
import { network } from './attempt-limiter.ts'
import type { Subject } from './subject.ts'

/*
 * A device is a browser or a program on a phone, known by a token that it got at its first sign-in. It proves nothing: it tells its owner
 * which of theirs was used, and those who judge payments whether it is one that the owner has had for a while.
 */

/** `removed`: its owner no longer counts it as theirs, and it would begin anew; `lost`: nobody comes in from it. */
export const DEVICE_STATES = ['known', 'removed', 'lost'] as const
export type DeviceState = (typeof DEVICE_STATES)[number]

export interface Device {
  readonly id: number
  readonly subject: Subject
  readonly name: string
  /** Roughly where it was used last: a network, never a whole address. */
  readonly place: string
  readonly state: DeviceState
  readonly firstSeenAt: Micros
  readonly lastSeenAt: Micros
  /** When it was removed or lost. */
  readonly endedAt: Micros | null
}

/** What a sign-in tells of the device that it comes from. */
export interface DeviceSeen {
  /** What the device got at an earlier sign-in; of no use unless it is one of ours. */
  readonly token?: string | undefined
  readonly userAgent?: string | undefined
}

/** A device counts as new for so long, unless it is its owner's first. */
export const NEW_FOR: Micros = 24 * 3600 * MICROS_PER_SECOND

/** A browser keeps the token for as long as browsers keep anything. */
export const DEVICE_COOKIE_SECONDS = 400 * 24 * 3600

const BROWSERS = [
  [/MicroMessenger\//, 'WeChat'],
  [/AlipayClient\//, 'Alipay'],
  [/Edg(?:e|A|iOS)?\//, 'Edge'],
  [/(?:Firefox|FxiOS)\//, 'Firefox'],
  [/(?:Chrome|CriOS)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
] as const

const SYSTEMS = [
  [/HarmonyOS/, 'HarmonyOS'],
  [/Android/, 'Android'],
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'Mac'],
  [/Linux/, 'Linux'],
] as const

/** Words for people, from what a browser says of itself; anybody can say anything there, so only these words are ever shown. */
export function deviceName(userAgent = ''): string {
  const find = (words: readonly (readonly [RegExp, string])[]) => words.find(([mark]) => mark.test(userAgent))?.[1]
  const browser = find(BROWSERS)
  const system = find(SYSTEMS)
  if (browser === undefined) return system ?? 'A program'
  return system === undefined ? browser : `${browser} · ${system}`
}

const OWN = /^(?:127\.|::1$|0:0:0:0$)/
const INSIDE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|f[cd][0-9a-f]{2}:|fe80:)/i

/** A network in words: half of an IPv4 address, a third of an IPv6 one. No service is asked where that is. */
export function placeOf(address: string): string {
  const net = network(address)
  if (OWN.test(address) || OWN.test(net)) return 'this machine'
  if (INSIDE.test(net)) return 'a private network'
  if (net.includes(':')) return `${net.split(':').slice(0, 3).join(':')}::`
  return `${net.split('.').slice(0, 2).join('.')}.*.*`
}
