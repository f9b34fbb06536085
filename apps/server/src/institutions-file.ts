import { readFile } from 'node:fs/promises'
import { type InstitutionSpec, OWN_INSTITUTION, readInstitutions } from './institution-spec.ts'
import type { Config } from './options.ts'

/** The file that names the institutions cannot be used. */
export class InstitutionsFault extends Error {
  override readonly name = 'InstitutionsFault'
}

/** The institutions that a file names; undefined without one, when the mode decides. */
export async function namedInstitutions({ institutions }: Config): Promise<readonly InstitutionSpec[] | undefined> {
  if (institutions === undefined) return undefined
  if (institutions === 'own') return [OWN_INSTITUTION]
  const { path, needed } = institutions
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (!needed && error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new InstitutionsFault(`The file of institutions ${path} cannot be read: ${String(error)}`)
  })
  if (text === undefined) return undefined
  const read = readInstitutions(text)
  if (!read.ok) throw new InstitutionsFault(`The file of institutions ${path} cannot be used: ${read.error}.`)
  return read.value
}
