import { createServer } from 'node:net'
import { isJsonObject, parseJsonStrict } from '@huitong/kernel'
import { DataFolderInUse } from '@huitong/pg'
import { type DataFolder, readIfThere } from './data-folder.ts'

/**
 * Refuses early, before anything is made: when a server answers for this data folder, and when the port is taken (rejects with
 * the system's `EADDRINUSE`). Both are looked at again by those who take them for good.
 */
export async function requireFree(
  folder: DataFolder,
  address: { readonly host: string; readonly port: number },
): Promise<void> {
  const pid = await servingPid(folder)
  if (pid !== undefined) throw new DataFolderInUse(folder.path, pid)
  if (address.port === 0) return
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(address, () => probe.close(() => resolve()))
  })
}

/** The process that serves this folder. Asked over HTTP with its token: a pid alone may be another program's by now. */
async function servingPid(folder: DataFolder): Promise<number | undefined> {
  const text = await readIfThere(folder.serverFile)
  const parsed = text === undefined ? undefined : parseJsonStrict(text)
  if (parsed?.ok !== true || !isJsonObject(parsed.value)) return undefined
  const { url, token, pid } = parsed.value
  if (typeof url !== 'string' || typeof token !== 'string') return undefined
  const answer = await fetch(`${url}/v1/ledger/accounts?limit=1`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(1000),
  }).catch(() => undefined)
  if (answer?.ok !== true) return undefined
  return typeof pid === 'object' && pid !== null && 'text' in pid ? Number(pid.text) : 0
}
