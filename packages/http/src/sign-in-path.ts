/** The page to sign in, which leads on to `next` afterwards: a path of ours. */
export function signInPath(next: string): string {
  return `/signin?next=${encodeURIComponent(next)}`
}
