/** Reads JSON that a test got without believing its shape. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

export function record(value: unknown): Record<string, unknown> {
  if (!isObject(value)) throw new Error(`not an object: ${String(value)}`)
  return value
}

export function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`not a text: ${String(value)}`)
  return value
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
