/*
 * The gateway's result codes and the faults it finds before any business is done, after the open platform's pages on common
 * codes. The spellings, "unknow" included, are the platform's: clients switch on them. The v3 name of a fault is its v2 name
 * without `isv.`, `isp.` or `aop.`; the HTTP statuses of v3 follow: bad arguments 400, tokens 401, permissions 403, unknown
 * methods 404, limits 429, system 500. Known clients only tell below 400 from the rest.
 */

/** The outer codes of v2, with the text that goes with each. */
export const ALIPAY_RESULTS = {
  '10000': 'Success',
  '10003': 'Order created, waiting for the payer',
  '20000': 'Service Currently Unavailable',
  '20001': 'Insufficient Token Permissions',
  '40001': 'Missing Required Arguments',
  '40002': 'Invalid Arguments',
  '40003': 'Insufficient Conditions',
  '40004': 'Business Failed',
  '40005': 'Call Limited',
  '40006': 'Insufficient Permissions',
} as const
export type AlipayResultCode = keyof typeof ALIPAY_RESULTS

interface FaultRow {
  readonly code: AlipayResultCode
  readonly httpStatus: number
  readonly text: string
}

/** Every fault of the gateway itself, by its v2 sub_code. The business of each method has codes of its own besides. */
export const ALIPAY_GATEWAY_FAULTS = {
  'isp.unknow-error': { code: '20000', httpStatus: 500, text: 'The outcome is unknown. Query before you repeat' },
  'aop.unknow-error': { code: '20000', httpStatus: 500, text: 'The outcome is unknown. Query before you repeat' },
  'aop.invalid-auth-token': { code: '20001', httpStatus: 401, text: 'auth_token is not valid' },
  'aop.auth-token-time-out': { code: '20001', httpStatus: 401, text: 'auth_token has expired' },
  'aop.invalid-app-auth-token': { code: '20001', httpStatus: 401, text: 'app_auth_token is not valid' },
  'aop.invalid-app-auth-token-no-api': {
    code: '20001',
    httpStatus: 403,
    text: 'app_auth_token does not cover this method',
  },
  'aop.app-auth-token-time-out': { code: '20001', httpStatus: 401, text: 'app_auth_token has expired' },
  'aop.no-product-reg-by-partner': { code: '20001', httpStatus: 403, text: 'The merchant has not signed this product' },
  'isv.missing-method': { code: '40001', httpStatus: 400, text: 'method is missing' },
  'isv.missing-signature': { code: '40001', httpStatus: 400, text: 'sign is missing' },
  'isv.missing-signature-type': { code: '40001', httpStatus: 400, text: 'sign_type is missing' },
  'isv.missing-signature-key': { code: '40001', httpStatus: 400, text: 'The application has no public key' },
  'isv.missing-app-id': { code: '40001', httpStatus: 400, text: 'app_id is missing' },
  'isv.missing-timestamp': { code: '40001', httpStatus: 400, text: 'timestamp is missing' },
  'isv.missing-version': { code: '40001', httpStatus: 400, text: 'version is missing' },
  'isv.decryption-error-missing-encrypt-type': { code: '40001', httpStatus: 400, text: 'encrypt_type is missing' },
  'isv.invalid-parameter': { code: '40002', httpStatus: 400, text: 'A parameter is not valid' },
  'isv.invalid-method': { code: '40002', httpStatus: 404, text: 'There is no such method' },
  'isv.invalid-format': { code: '40002', httpStatus: 400, text: 'format must be JSON' },
  'isv.invalid-signature-type': { code: '40002', httpStatus: 400, text: 'sign_type must be RSA2 or RSA' },
  'isv.invalid-signature': { code: '40002', httpStatus: 400, text: 'The signature does not fit the request' },
  'isv.invalid-token': { code: '40002', httpStatus: 401, text: 'The token is not valid' },
  'isv.invalid-encrypt-type': { code: '40002', httpStatus: 400, text: 'encrypt_type must be AES' },
  'isv.invalid-encrypt': { code: '40002', httpStatus: 400, text: 'The encrypted content is not valid' },
  'isv.invalid-app-id': { code: '40002', httpStatus: 400, text: 'There is no such application' },
  'isv.invalid-timestamp': { code: '40002', httpStatus: 400, text: 'timestamp is not valid' },
  'isv.invalid-charset': { code: '40002', httpStatus: 400, text: 'charset must be utf-8, and so must the text' },
  'isv.invalid-digest': { code: '40002', httpStatus: 400, text: 'The digest does not fit the content' },
  'isv.upload-fail': { code: '40002', httpStatus: 400, text: 'The upload failed' },
  'isv.invalid-file-extension': { code: '40002', httpStatus: 400, text: 'The file extension is not accepted' },
  'isv.invalid-file-size': { code: '40002', httpStatus: 400, text: 'The file size is not accepted' },
  'isv.illegal-json': { code: '40002', httpStatus: 400, text: 'The content is not a JSON object' },
  'isv.suspected-attack': { code: '40002', httpStatus: 400, text: 'The request looks like an attack' },
  'isv.forbidden-api': { code: '40002', httpStatus: 403, text: 'The method is not open to this application' },
  'isv.code-invalid': { code: '40002', httpStatus: 400, text: 'The authorisation code is not valid' },
  'isv.not-support-app-auth': { code: '40002', httpStatus: 400, text: 'The method takes no app_auth_token' },
  'isv.decryption-error-not-valid-encrypt-type': {
    code: '40002',
    httpStatus: 400,
    text: 'The application has not agreed this encryption',
  },
  'isv.decryption-error-not-valid-encrypt-key': {
    code: '40002',
    httpStatus: 400,
    text: 'The application has no encryption key',
  },
  'isv.missing-signature-config': { code: '40003', httpStatus: 400, text: 'The application has no signature settings' },
  'isv.decryption-error-unknown': { code: '40003', httpStatus: 400, text: 'The content could not be decrypted' },
  'isv.app-call-limited': { code: '40005', httpStatus: 429, text: 'The application calls too often' },
  'isv.method-call-limited': { code: '40005', httpStatus: 429, text: 'The method is called too often' },
  'isv.insufficient-isv-permissions': {
    code: '40006',
    httpStatus: 403,
    text: 'The application may not call this method',
  },
  'isv.insufficient-user-permissions': { code: '40006', httpStatus: 403, text: 'The user has not granted this' },
  'isv.self-invoke-forbidden': {
    code: '40006',
    httpStatus: 403,
    text: 'The application may not call this for itself',
  },
} as const satisfies Readonly<Record<string, FaultRow>>

export type AlipayGatewayFault = keyof typeof ALIPAY_GATEWAY_FAULTS
