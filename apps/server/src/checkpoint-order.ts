import type { ConnectionOptions } from '@huitong/pg'

/** What a process that writes a checkpoint is told, as a message and not on its command line: it has a password in it. */
export interface CheckpointOrder {
  readonly connection: ConnectionOptions
  readonly schema: string
  /** Folder of the checkpoints, and how many stay in it. */
  readonly directory: string
  readonly kept: number
  readonly headsFile: string
  /** PEM. */
  readonly signingKey: string
}

/** What it answers before it ends. One that ends without an answer was killed. */
export type CheckpointAnswer =
  | { readonly outcome: 'written'; readonly batch: number }
  /** Nothing was found, and nothing has come since the newest checkpoint. */
  | { readonly outcome: 'nothing_new' }
  | { readonly outcome: 'unsound'; readonly counts: Readonly<Record<string, number>> }
  | { readonly outcome: 'failed'; readonly message: string }
