/** `huitong start`: the server in this process. It is loaded only here, for it is most of the program. */
export async function startCommand(args: readonly string[]): Promise<number> {
  const { runServer } = await import('@huitong/server')
  return runServer(args, process.env)
}
