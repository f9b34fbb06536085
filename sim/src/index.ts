export {
  BANK_TABLES,
  type BankNode,
  CLEARING_HOUSE_TABLES,
  doneOf,
  fundPosition,
  HUB,
  type HubNode,
  type NodeOptions,
  openBank,
  openHub,
  type Place,
} from './clearing/clearing-world.ts'
export { type Carried, createWire, type Wire, type WireEnd } from './clearing/message-wire.ts'
