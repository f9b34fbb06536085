import type { IsoMessage } from '@huitong/iso20022'

/** Sends a message with the batch that is being decided: it leaves when the batch is durable, and not otherwise. */
export type SendMessage = (to: string, message: IsoMessage) => void
