import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import { fileOption } from './options.ts'
import { addPeerKey, endPeerKey, listOwnKeys, listPeers, makeOwnKey, setPeer, useOwnKey } from './peer-commands.ts'

function urlOption(text: string): string {
  const url = URL.parse(text)
  if (url !== null && /^https?:$/.test(url.protocol)) return url.origin
  throw new InvalidArgumentError('It must be an address such as https://bank.example.')
}

/** `huitong peers`: the institutions that one exchanges messages with. `asStaff` adds the options of who asks where. */
export function addPeerCommands(program: Command, asStaff: (command: Command) => Command): void {
  const peers = program.command('peers').description('institutions that messages are exchanged with, and keys')
  asStaff(peers.command('list').description('each peer and how its link is')).action(listPeers)
  asStaff(peers.command('set').description('proposes to make or change a peer'))
    .argument('<peer>', 'its number, such as 990900000095')
    .requiredOption('--name <name>', 'as people call it')
    .requiredOption('--url <url>', 'where it takes messages', urlOption)
    .addOption(
      new Option('--state <state>', 'whether messages pass').choices(['active', 'suspended']).default('active'),
    )
    .action(setPeer)
  asStaff(peers.command('add-key').description('proposes another key of a peer; the ones before it stay good'))
    .argument('<peer>', 'its number')
    .argument('<key>', 'the name of the key, such as 990900000095.2')
    .requiredOption('--public-key <file>', 'its public half, Ed25519 in PEM', fileOption)
    .option('--from <time>', 'good from then on, such as 2026-11-22T08:30:00Z; at once unless told')
    .action(addPeerKey)
  asStaff(peers.command('end-key').description('proposes to end a key of a peer'))
    .argument('<peer>', 'its number')
    .argument('<key>', 'the name of the key')
    .option('--at <time>', 'good until then; at once unless told')
    .action(endPeerKey)
  asStaff(peers.command('keys').description('our own keys, with the public halves that peers need')).action(listOwnKeys)
  asStaff(peers.command('new-key').description('makes another key of our own; it signs nothing yet'))
    .argument('<key>', 'its name, such as 990100000011.2')
    .action(makeOwnKey)
  asStaff(peers.command('use-key').description('proposes to sign with this key from now on'))
    .argument('<key>', 'its name')
    .action(useOwnKey)
}
