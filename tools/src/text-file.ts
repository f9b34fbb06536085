import { readFileSync } from 'node:fs'

/** A generated file as it stands, empty when it was never written. */
export function generatedText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
