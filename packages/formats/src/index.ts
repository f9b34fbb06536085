export { decryptContent, encryptContent, importAesKey } from './aes-content.ts'
export {
  ALIPAY_GATEWAY_FAULTS,
  ALIPAY_RESULTS,
  type AlipayGatewayFault,
  type AlipayResultCode,
} from './alipay-codes.ts'
export { alipayEncryptedContent, alipayJsonContent, alipayV2Content } from './alipay-content.ts'
export {
  ALIPAY_FORM_TYPE,
  alipayNotificationText,
  isAcknowledged,
  notificationDelays,
  signedAlipayForm,
} from './alipay-notification.ts'
export {
  type AlipayRefusal,
  type AlipayV3Error,
  alipayBusinessRefusal,
  alipayGatewayRefusal,
  alipaySuccess,
  alipayV3Error,
  alipayWaiting,
} from './alipay-refusal.ts'
export { type AlipayV2Parameters, alipayV2Parameters, alipayV2SigningTexts } from './alipay-v2-parameters.ts'
export { type AlipayV2Gate, type AlipayV2Request, admitAlipayV2, isAlipayMethod } from './alipay-v2-request.ts'
export { ALIPAY_FALLBACK_RESPONSE_KEY, alipayV2Envelope, alipayV2ResponseKey } from './alipay-v2-response.ts'
export { type AlipayV3Authorization, alipayV3Authorization } from './alipay-v3-authorization.ts'
export {
  ALIPAY_V3_FRESHNESS,
  type AlipayV3Gate,
  type AlipayV3Incoming,
  type AlipayV3Request,
  admitAlipayV3,
  alipayV3SignedTexts,
} from './alipay-v3-request.ts'
export { type AlipayV3Response, type AlipayV3Stamp, alipayV3Answer, alipayV3Refusal } from './alipay-v3-response.ts'
export { csvText } from './csv-text.ts'
export {
  EMV_CONSUMER_START,
  type EmvApplication,
  type EmvConsumerCode,
  type EmvTags,
  readEmvConsumerCode,
  writeEmvConsumerCode,
} from './emv-consumer-code.ts'
export { EMV_FAULTS, type EmvFault, type EmvFaultCode, emvFaultText } from './emv-fault.ts'
export type { EmvParsedCode } from './emv-fields.ts'
export { EMV_PAYLOAD_MAX, type EmvAccount, type EmvMerchantCode, type EmvTip } from './emv-merchant-code.ts'
export { parseEmvMerchantCode, readEmvMerchantCode } from './emv-merchant-decode.ts'
export { emvTemplate, writeEmvMerchantCode } from './emv-merchant-encode.ts'
export { decodeForm } from './form.ts'
export { type SignedHttpAnswer, signHttpAnswer, verifyHttpAnswer } from './http-answer-signature.ts'
export {
  type HttpSignatureFault,
  importEd25519,
  type SignedHttpRequest,
  signHttpRequest,
  verifyHttpRequest,
} from './http-signature.ts'
export { qrPng, qrSvg } from './qr-image.ts'
export { importPrivateKey, importPublicKey, isRsaAlgorithm, type RsaAlgorithm, rsaSign, rsaVerify } from './rsa.ts'
export { type WebhookMessage, webhookHeaders, webhookPublicKey } from './standard-webhook.ts'
export { type XmlElement, xml, xmlText } from './xml-text.ts'
