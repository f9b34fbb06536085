import type { Chance, Clock } from '@huitong/kernel'
import type { AlipayCashierMethod } from './alipay-cashier-methods.ts'
import type { AlipayKeys } from './alipay-keys.ts'
import type { AlipayMethod } from './alipay-method.ts'
import type { AlipayNonces } from './alipay-nonces.ts'

/** What both versions of the protocol work with before and after the methods. */
export interface AlipayEdge {
  readonly keys: AlipayKeys
  /** By name, such as `alipay.trade.pay`. */
  readonly methods: ReadonlyMap<string, AlipayMethod>
  /** Those that show a page to the buyer, by name. */
  readonly cashierMethods: ReadonlyMap<string, AlipayCashierMethod>
  /** The address of the page of an order code. */
  readonly orderCodeUrl: (token: string) => string
  readonly nonces: AlipayNonces
  /** The time of what is done, which a demo may have moved forward. */
  readonly clock: Clock
  /** The time of the world outside: clients stamp their requests with theirs, and replay is judged by it. */
  readonly wallClock: Clock
  readonly chance: Chance
  /** Larger bodies are refused with a signed answer, up to the limit of the server, which answers unsigned. */
  readonly bodyBytesMax: number
}
