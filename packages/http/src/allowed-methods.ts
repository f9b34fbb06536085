/** Which methods an address knows. Only asked when no route took a request, so it need not be fast. */
export class AllowedMethods {
  readonly #patterns: { readonly pattern: RegExp; readonly method: string }[] = []

  add(method: string, url: string): void {
    const parts = url.split('/').map((part) => {
      if (part.startsWith(':')) return '[^/]+'
      return part === '*' ? '.*' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    })
    this.#patterns.push({ pattern: new RegExp(`^${parts.join('/')}$`), method })
  }

  of(path: string): string[] {
    const found = this.#patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)
    if (found.includes('GET')) found.push('HEAD')
    return [...new Set(found)].sort()
  }
}
