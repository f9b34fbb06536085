export { answerCodec } from '@huitong/contract'
