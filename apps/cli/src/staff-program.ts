import { type Command, Option } from 'commander'
import { approveProposal, listApprovals, rejectProposal, showAudit } from './approval-commands.ts'
import { addBankCommands } from './bank-program.ts'
import { addChannelCommands } from './channels-program.ts'
import { addClearingCommands } from './clearing-program.ts'
import { DEFAULT_INSTITUTION, fileOption, limitOption } from './options.ts'
import { addPeerCommands } from './peer-program.ts'
import { addReconcileCommands } from './reconcile-program.ts'
import { addReserveCommands } from './reserve-program.ts'
import {
  addStaff,
  bootstrapStaff,
  listStaff,
  MEMBER_ACTIONS,
  memberAction,
  roleOption,
  setStaffRoles,
  showStaffSessions,
} from './staff-commands.ts'

/** `huitong staff`, `approvals` and `audit`: all of them through the running server. `withData` adds the option of the data folder. */
export function addStaffCommands(program: Command, withData: (command: Command) => Command): void {
  const asStaff = (command: Command): Command =>
    withData(command)
      .option('--session <file>', 'act as the owner of the session whose token is in this file', fileOption)
      .option('--institution <schema>', "the institution; the program's first unless told")
      .option('--json', 'as JSON')
  /** For what is done on the books themselves, whether the server runs or not. */
  const withBooks = (command: Command): Command =>
    withData(command)
      .option('--institution <schema>', 'the institution', DEFAULT_INSTITUTION)
      .option('--json', 'as JSON')
  const withRoles = (command: Command): Command =>
    command.addOption(
      new Option('--role <role>', 'what they may do; give it several times for several')
        .argParser(roleOption)
        .makeOptionMandatory(),
    )

  addPeerCommands(program, asStaff)
  addBankCommands(program, asStaff)
  addChannelCommands(program, asStaff)
  addReserveCommands(program, asStaff)
  addClearingCommands(program, asStaff)
  addReconcileCommands(program, asStaff, withBooks)

  const staff = program.command('staff').description('who works here and what they may do')
  asStaff(staff.command('list').description('everybody, with roles and status')).action(listStaff)
  withRoles(asStaff(staff.command('bootstrap').description('hires the first ones who manage staff')))
    .argument('<name>', 'as colleagues say it')
    .action(bootstrapStaff)
  withRoles(asStaff(staff.command('add').description('proposes to hire somebody')))
    .argument('<name>', 'as colleagues say it')
    .action(addStaff)
  withRoles(asStaff(staff.command('roles').description("proposes somebody's new roles")))
    .argument('<member>', 'such as staf_00000000001x')
    .action(setStaffRoles)
  asStaff(staff.command('sessions').description("somebody's live sessions"))
    .argument('<member>', 'such as staf_00000000001x')
    .action(showStaffSessions)
  for (const action of ['link', 'suspend', 'reinstate', 'leave', 'end-sessions', 'reset-proofs'] as const) {
    asStaff(staff.command(action).description(MEMBER_ACTIONS[action][1]))
      .argument('<member>', 'such as staf_00000000001x')
      .action(memberAction(action))
  }

  const approvals = program.command('approvals').description('what waits for a second person')
  asStaff(approvals.command('list').description('proposals that you could decide on, newest first'))
    .option('--limit <n>', 'at most so many', limitOption, 50)
    .action(listApprovals)
  asStaff(approvals.command('approve').description("approves another's proposal: it is done now"))
    .argument('<proposal>', 'such as appr_00000000001x')
    .action(approveProposal)
  asStaff(approvals.command('reject').description('rejects a proposal'))
    .argument('<proposal>', 'such as appr_00000000001x')
    .action(rejectProposal)

  asStaff(program.command('audit').description('what staff did and looked at, newest first'))
    .option('--limit <n>', 'at most so many', limitOption, 50)
    .option('--staff <caller>', 'only of this one, such as staff:2')
    .option('--object <id>', 'only about this, such as cust_00000000300r')
    .addOption(new Option('--kind <kind>', 'only such').choices(['change', 'read']))
    .option('--from <time>', 'only since then, such as 2026-11-22T08:30:00Z')
    .action(showAudit)
}
