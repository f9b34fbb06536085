const CODES_MAX = 1_000

/** Stands in for phones in demo mode: what came to each is kept in memory, the newest last, and forgotten when the program ends. */
export function createDemoPhones() {
  const sent: { readonly phone: string; readonly code: string }[] = []
  return {
    send: (phone: string, code: string): void => {
      sent.push({ phone, code })
      if (sent.length > CODES_MAX) sent.shift()
    },
    codesOf: (phone: string): readonly string[] => sent.filter((one) => one.phone === phone).map(({ code }) => code),
  }
}

export type DemoPhones = ReturnType<typeof createDemoPhones>
