/** The page to sign in, which leads on to `next` afterwards: a path of ours. */
export function signInPath(next: string): string {
  return `/signin?next=${encodeURIComponent(next)}`
}

/** The page on which one who is signed in proves more. */
export const PROVE_PATH = '/me/prove'

/** That page, which leads on to `next` afterwards: a path of ours. */
export function provePath(next: string): string {
  return `${PROVE_PATH}?next=${encodeURIComponent(next)}`
}
