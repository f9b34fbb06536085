#!/usr/bin/env -S sh -c 'exec "$(dirname "$(realpath "$0")")/../../../node_modules/.bin/node" "$0" "$@"'
// The line above runs this file with the Node that npm installed: an older one of the system could not even read it, so the
// choice cannot be made in here. `npx huitong` and `npm run huitong` come with that Node anyway.
import { runCli } from './run-cli.ts'

process.exitCode = await runCli(process.argv.slice(2))
