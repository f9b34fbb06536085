import type { Drawing } from './knowledge.ts'
import type { Step } from './step.ts'
import { boundStep, memberStep, metadataStep, policyStep, stateStep } from './steps/account-steps.ts'
import { deductStep, freezeExpiryStep, freezeStep, liftStep } from './steps/freeze-steps.ts'
import { captureStep, expiryStep, extendStep, holdStep, increaseStep, voidStep } from './steps/hold-steps.ts'
import {
  backDatedStep,
  entryStep,
  exchangeStep,
  feeStep,
  pairStep,
  templateStep,
  transferStep,
} from './steps/posting-steps.ts'
import { correctionStep, reverseEntryStep, reverseStep } from './steps/reversal-steps.ts'
import { cancelScheduledStep, dueStep, scheduleStep } from './steps/scheduled-steps.ts'

/** How often each kind comes, in thousandths. */
const SHARES: readonly (readonly [(drawing: Drawing) => Step, number])[] = [
  [transferStep, 250],
  [pairStep, 50],
  [entryStep, 80],
  [exchangeStep, 50],
  [templateStep, 50],
  [feeStep, 40],
  [backDatedStep, 20],
  [holdStep, 100],
  [captureStep, 80],
  [increaseStep, 30],
  [extendStep, 20],
  [voidStep, 20],
  [expiryStep, 20],
  [scheduleStep, 18],
  [cancelScheduledStep, 2],
  [dueStep, 10],
  [reverseStep, 50],
  [reverseEntryStep, 25],
  [correctionStep, 10],
  [freezeStep, 8],
  [liftStep, 9],
  [freezeExpiryStep, 2],
  [deductStep, 6],
  [boundStep, 16],
  [stateStep, 6],
  [policyStep, 3],
  [memberStep, 10],
  [metadataStep, 15],
]

/** Draws the next step and lets the oracle take it. */
export function nextStep(drawing: Drawing): Step {
  let draw = drawing.random.below(1000)
  for (const [make, share] of SHARES) {
    if (draw < share) return make(drawing)
    draw -= share
  }
  throw new Error('the shares are a thousand together')
}
