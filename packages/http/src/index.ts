export type { AnswerSigner } from './answer-signer.ts'
export type { Authenticator, CredentialRequest } from './authenticator.ts'
export { cardPage } from './card-page.ts'
export { type CookieOptions, clearCookie, parseCookies, setCookie } from './cookies.ts'
export { createHttp } from './create-http.ts'
export type { ApprovalDesk, Circumstances, PerformApproved, ProposedRequest } from './four-eyes.ts'
export { Html, html } from './html.ts'
export { htmlReply, type PageOptions, pagePolicy } from './html-page.ts'
export type { HttpApp, HttpOptions, RegisteredRoute } from './http-app.ts'
export { createLog, type HttpLog } from './http-log.ts'
export { type AnswerHeaders, badField, HttpProblem, notFound, problem, stepUpRequired } from './http-problem.ts'
export {
  HttpReply,
  noContent,
  type RawReply,
  type RouteReply,
  rawReply,
  reply,
  seeOther,
  withHeaders,
} from './http-reply.ts'
export {
  type CommandOutcome,
  type OutcomeMapping,
  type OutcomeRefusal,
  outcomeToReply,
  type RefusalAnswer,
} from './outcome-reply.ts'
export { isPostable, type PostContent, type PostOutcome, postText } from './outgoing-post.ts'
export type {
  HeaderNotes,
  HttpMethod,
  IdempotentRoute,
  IdempotentRouteRequest,
  PlainRoute,
  RawRequest,
  RawRoute,
  ResponseBody,
  ResponseSchemas,
  RouteDefinition,
  RouteRequest,
  RouteSchema,
} from './route.ts'
export { PROVE_PATH, provePath, signInPath } from './sign-in-path.ts'
export type { Visit, VisitRecorder } from './visit.ts'
export type { WebhookDefinition } from './webhook.ts'
