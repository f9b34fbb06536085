import { runServer } from './run-server.ts'

const exitCode = await runServer(process.argv.slice(2), process.env)
process.exitCode = exitCode
// Everything was closed by now. What still holds the process up a second later is not worth waiting for.
setTimeout(() => process.exit(exitCode), 1000).unref()
