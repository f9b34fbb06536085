import { text } from '../field.ts'
import { agent } from '../party-fields.ts'
import { time } from '../value-fields.ts'

/** Who gives an investigation to whom. */
export const ASSIGNMENT = {
  messageId: text('Assgnmt/Id'),
  from: agent('Assgnmt/Assgnr/Agt'),
  to: agent('Assgnmt/Assgne/Agt'),
  createdAt: time('Assgnmt/CreDtTm'),
}
