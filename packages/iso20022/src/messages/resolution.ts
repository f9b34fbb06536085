import { CANCELLATION_REJECTION } from '../code-sets.ts'
import { optional, text, word } from '../field.ts'
import { isoFault } from '../iso-fault.ts'
import type { MessageForm } from '../message.ts'
import { type FormValue, list, recordForm } from '../record.ts'
import { codeFault, faultAmong, firstFault, sameAgentFault } from '../rules.ts'
import { ASSIGNMENT } from './assignment.ts'
import { ORIGINAL } from './group-header.ts'

const RESOLVED = recordForm({
  statusId: optional(text('CxlStsId')),
  ...ORIGINAL,
  status: optional(word('TxCxlSts', ['ACCR', 'RJCR', 'PDCR'])),
  reason: optional(text('CxlStsRsnInf/Rsn/Cd')),
  reasonText: optional(text('CxlStsRsnInf/AddtlInf')),
})

const FORM = recordForm({
  ...ASSIGNMENT,
  confirmation: text('Sts/Conf'),
  resolved: list('CxlDtls/TxInfAndSts', RESOLVED),
})

/** The answer to a cancellation request (camt.029): money comes back, does not, or it is still looked at. */
export type ResolutionMessage = FormValue<typeof FORM>

export const RESOLUTION: MessageForm<ResolutionMessage> = {
  message: 'camt.029.001.09',
  bodyName: 'RsltnOfInvstgtn',
  form: FORM,
  check: ({ from, to, resolved }) =>
    firstFault(
      sameAgentFault(from, to, 'Assgnmt/Assgne'),
      faultAmong(resolved, ({ status, reason }) =>
        firstFault(
          codeFault(reason, CANCELLATION_REJECTION, 'CxlDtls/TxInfAndSts/CxlStsRsnInf/Rsn/Cd'),
          status === 'RJCR' && reason === undefined
            ? isoFault('rejection_without_reason', 'CxlDtls/TxInfAndSts/CxlStsRsnInf')
            : undefined,
        ),
      ),
    ),
}
