import type { TRPC_ERROR_CODE_KEY } from "@trpc/server";
import type { AppError, AppErrorCode } from "./app-error";

/** An error as the wire has it: RFC 9457, with a stable `code`. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  [extension: string]: unknown;
};

/** HTTP statuses that a problem can have, each with tRPC's name for it. */
const TRPC_CODE = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  402: "PAYMENT_REQUIRED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  405: "METHOD_NOT_SUPPORTED",
  409: "CONFLICT",
  413: "PAYLOAD_TOO_LARGE",
  415: "UNSUPPORTED_MEDIA_TYPE",
  422: "UNPROCESSABLE_CONTENT",
  429: "TOO_MANY_REQUESTS",
  500: "INTERNAL_SERVER_ERROR",
  503: "SERVICE_UNAVAILABLE",
} as const satisfies Record<number, TRPC_ERROR_CODE_KEY>;

type Kind<E extends AppError> = {
  status: keyof typeof TRPC_CODE;
  code: Uppercase<string>;
  title: string;
  detail: string | ((error: E) => string);
  /** What a program may want to know besides: members of the problem document. */
  extensions?: (error: E) => Record<string, unknown>;
  /** Of a 401 or 402: by which scheme a caller may prove more. */
  authenticate?: string | ((error: E) => string);
};

const WALLET_RETRY_SECONDS = 10;
const MODEL_RETRY_SECONDS = 20;
/** Until the operator has seen to it. */
const BOOTSTRAP_RETRY_SECONDS = 3600;
const retryAfter = (error: { retryAfterSeconds: number }) => ({ retryAfterSeconds: error.retryAfterSeconds });
const walletDown = {
  status: 503,
  code: "WALLET_UNAVAILABLE",
  title: "The Lightning wallet cannot be reached",
  detail: "No order was created. What is already under way waits and continues by itself. Try again in a moment.",
  extensions: () => ({ retryAfterSeconds: WALLET_RETRY_SECONDS }),
} as const;

/** Where a code of ours becomes a status and words: nowhere else. */
export const PROBLEMS = {
  jobNotFound: { status: 404, code: "JOB_NOT_FOUND", title: "No such job", detail: "There is no job with this id." },
  illegalMove: {
    status: 409,
    code: "ILLEGAL_STATE",
    title: "Not possible in this state",
    detail: ({ from }) => `The job is ${from.replaceAll("_", " ")}.`,
    extensions: ({ from }) => ({ state: from }),
  },
  jobInProgress: {
    status: 409,
    code: "JOB_IN_PROGRESS",
    title: "The job has not ended",
    detail: "Its text is still needed: delete it once the job has ended, or cancel the job first.",
  },
  payoutNotFound: {
    status: 404,
    code: "PAYOUT_NOT_FOUND",
    title: "No such payout",
    detail: "There is no payout with this id.",
  },
  payoutNotOpen: {
    status: 409,
    code: "PAYOUT_NOT_OPEN",
    title: "The payout has moved on",
    detail: "It has already ended, or somebody else was quicker: look again. Nothing was changed.",
  },
  payoutUncertain: {
    status: 409,
    code: "PAYOUT_UNCERTAIN",
    title: "The payment may still be on its way",
    detail: "The wallet does not know of it yet, but was told to pay only a moment ago: try again in a minute.",
  },
  walletKnowsBetter: {
    status: 409,
    code: "WALLET_KNOWS_BETTER",
    title: "The wallet says otherwise",
    detail: ({ walletSays }) =>
      walletSays === "paid"
        ? "The wallet has paid it: settle it as paid."
        : "The wallet is still trying, and will report the outcome. Nothing was changed.",
    extensions: ({ walletSays }) => ({ walletSays }),
  },
  preimageNeeded: {
    status: 422,
    code: "PREIMAGE_NEEDED",
    title: "There is no proof that it was paid",
    detail: "Our wallet did not pay it. Give the preimage of the payment that did: it must fit the payout's invoice.",
  },
  taskNotWaiting: {
    status: 409,
    code: "TASK_NOT_WAITING",
    title: "The task is not waiting",
    detail: "It is running now, or it is done.",
  },
  bootstrapNotFound: {
    status: 404,
    code: "BOOTSTRAP_NOT_FOUND",
    title: "No such node",
    detail: "No node was ordered under this id.",
  },
  bootstrapUnavailable: {
    status: 503,
    code: "BOOTSTRAP_UNAVAILABLE",
    title: "No nodes at the moment",
    detail: "No provider is set up to make a node just now: nothing was ordered and there is nothing to pay.",
    extensions: () => ({ retryAfterSeconds: BOOTSTRAP_RETRY_SECONDS }),
  },
  tooManyOpenOrders: {
    status: 429,
    code: "TOO_MANY_OPEN_ORDERS",
    title: "Too many unpaid orders",
    detail: ({ limit }) => `At most ${limit} orders may be open and unpaid: pay or cancel one, or let one expire.`,
    extensions: ({ limit }) => ({ limit, retryAfterSeconds: 60 }),
  },
  refundTokenMissing: {
    status: 401,
    code: "REFUND_TOKEN_MISSING",
    title: "The refund token is missing",
    detail: "Send it as field `refundToken` or header `X-Refund-Token`; the answer that created the order contains it.",
    authenticate: "Refund-Token",
  },
  refundTokenWrong: {
    status: 403,
    code: "REFUND_TOKEN_WRONG",
    title: "The refund token is wrong",
    detail: "It is not the token that was issued when this order was created.",
  },
  nothingOwed: {
    status: 409,
    code: "NOTHING_OWED",
    title: "Nothing is owed",
    detail: "This order holds no sats that belong to its payer at the moment.",
  },
  payoutInFlight: {
    status: 409,
    code: "PAYOUT_IN_FLIGHT",
    title: "The amount is on its way",
    detail: "It has already been claimed another way; the order shows how that went.",
  },
  refundTargetMissing: {
    status: 400,
    code: "REFUND_TARGET_MISSING",
    title: "Where should the sats go?",
    detail: "Name exactly one of `invoice`, `lightningAddress`, `sessionId` and `lnurl: true`.",
  },
  refundTargetUnusable: {
    status: 422,
    code: "REFUND_TARGET_UNUSABLE",
    title: "The sats cannot be sent there",
    detail: ({ detail }) => detail,
  },
  refundTargetReused: {
    status: 409,
    code: "REFUND_TARGET_REUSED",
    title: "This invoice was already used for another claim",
    detail: "An invoice is paid at most once: make a new one.",
  },
  addressUnusable: {
    status: 422,
    code: "ADDRESS_UNUSABLE",
    title: "The Lightning address cannot be used",
    detail: ({ detail }) => detail,
  },
  addressUnreachable: {
    status: 503,
    code: "ADDRESS_UNREACHABLE",
    title: "The Lightning address is not answering",
    detail: ({ detail }) => detail,
    extensions: () => ({ retryAfterSeconds: 30 }),
  },
  addressAmountOutOfRange: {
    status: 422,
    code: "ADDRESS_AMOUNT_OUT_OF_RANGE",
    title: "The Lightning address does not take this amount",
    detail: ({ minSats, maxSats }) =>
      `It takes ${minSats} to ${maxSats} sats. Claim with an \`invoice\` or with \`lnurl: true\` instead.`,
    extensions: ({ minSats, maxSats }) => ({ minSats: Number(minSats), maxSats: Number(maxSats) }),
  },
  nostrTokenInvalid: {
    status: 401,
    code: "NOSTR_TOKEN_INVALID",
    title: "The Nostr token is not valid",
    detail: "This server did not issue it. Log in again, or call without it.",
    authenticate: "Nostr",
  },
  nostrTokenExpired: {
    status: 401,
    code: "NOSTR_TOKEN_EXPIRED",
    title: "The Nostr token has expired",
    detail: "Log in again, or call without it.",
    authenticate: "Nostr",
  },
  nostrEventInvalid: {
    status: 401,
    code: "NOSTR_EVENT_INVALID",
    title: "The signed event proves nothing here",
    detail: ({ detail }) => detail,
    authenticate: "Nostr",
  },
  nostrChallengeInvalid: {
    status: 401,
    code: "NOSTR_CHALLENGE_INVALID",
    title: "The challenge is not valid",
    detail: "It was used, has expired, or was not issued to this key by this server: ask for a new one.",
    authenticate: "Nostr",
  },
  nostrCredentialsDiffer: {
    status: 401,
    code: "NOSTR_CREDENTIALS_DIFFER",
    title: "Two keys at once",
    detail: "The credentials of this call belong to different keys: send those of one key.",
    authenticate: "Nostr",
  },
  nostrLoginRequired: {
    status: 401,
    code: "NOSTR_LOGIN_REQUIRED",
    title: "This needs a login",
    detail: "Send a token as `X-Nostr-Token`, or sign the call itself (NIP-98).",
    authenticate: "Nostr",
  },
  invoiceNotPayable: {
    status: 409,
    code: "INVOICE_NOT_PAYABLE",
    title: "The invoice cannot be paid",
    detail: "It is not an open invoice of this server.",
  },
  demoRefused: {
    status: 422,
    code: "DEMO_REFUSED",
    title: "The model would rather not",
    detail: "It declined this request, and would do so again: ask for something else.",
  },
  modelUnavailable: {
    status: 503,
    code: "MODEL_UNAVAILABLE",
    title: "The model cannot be reached",
    detail: "It did not answer, or said nothing: try again in a moment.",
    extensions: () => ({ retryAfterSeconds: MODEL_RETRY_SECONDS }),
  },
  sessionNotFound: {
    status: 404,
    code: "SESSION_NOT_FOUND",
    title: "No such session",
    detail: "There is no session with this id.",
  },
  requestNotFound: {
    status: 404,
    code: "REQUEST_NOT_FOUND",
    title: "No such request",
    detail: "This session has no request with this id.",
  },
  credentialMissing: {
    status: 401,
    code: "CREDENTIAL_MISSING",
    title: "The credential is missing",
    detail: "Send `Authorization: Bearer <macaroon>` or `L402 <macaroon>:<preimage>`.",
    authenticate: "Bearer",
  },
  credentialInvalid: {
    status: 401,
    code: "CREDENTIAL_INVALID",
    title: "The credential opens nothing here",
    detail: "It was altered, has expired, or belongs to something else.",
    authenticate: "Bearer",
  },
  depositUnpaid: {
    status: 401,
    code: "DEPOSIT_UNPAID",
    title: "The invoice of this credential is not paid",
    detail: "The payment has not arrived yet. If you have only just paid, try again in a moment.",
    authenticate: "Bearer",
  },
  paymentRequired: {
    status: 402,
    code: "PAYMENT_REQUIRED",
    title: "An answer must be paid for first",
    detail: ({ invoice }) =>
      `It costs at most ${invoice.amountSats} sats: pay the invoice, then repeat the request with the credential.`,
    extensions: ({ code: _code, ...challenge }) => challenge,
    // The one form that every L402 client reads.
    authenticate: ({ macaroon, invoice }) =>
      `L402 macaroon="${macaroon}", invoice="${invoice.paymentRequest}", token="${macaroon}", version="0"`,
  },
  balanceTooLow: {
    status: 402,
    code: "BALANCE_TOO_LOW",
    title: "The balance is too low for this request",
    detail: ({ requiredSats, balanceSats }) =>
      `It needs ${requiredSats} sats to be held and there are ${balanceSats}. Nothing was run: top up and ask again.`,
    extensions: ({ sessionId, requiredSats, balanceSats, topupSats }) => ({
      requiredSats,
      balanceSats,
      missingSats: requiredSats - balanceSats,
      topup: { method: "POST", path: `/api/sessions/${sessionId}/topup`, amountSats: topupSats },
    }),
  },
  sessionNotActive: {
    status: 409,
    code: "SESSION_NOT_ACTIVE",
    title: "Not possible in this state",
    detail: ({ state }) => `The session is ${state.replaceAll("_", " ")}.`,
    extensions: ({ state }) => ({ state }),
  },
  topupPending: {
    status: 409,
    code: "TOPUP_PENDING",
    title: "A top-up is waiting to be paid",
    detail: "Pay that one, or let it expire.",
    extensions: ({ pendingTopup }) => ({ pendingTopup }),
  },
  walletDown,
  walletRefused: walletDown,
  walletBusy: { ...walletDown, extensions: retryAfter },

  requestMissing: {
    status: 400,
    code: "REQUEST_MISSING",
    title: "The request is missing",
    detail: ({ detail }) => detail,
  },
  requestTooLong: {
    status: 400,
    code: "REQUEST_TOO_LONG",
    title: "The request is too long",
    detail: ({ detail }) => detail,
    extensions: ({ limit, length }) => ({ limit, length }),
  },
  requestUnreadable: {
    status: 400,
    code: "REQUEST_UNREADABLE",
    title: "The request cannot be stored",
    detail: ({ detail }) => detail,
  },
  invalidRequest: {
    status: 400,
    code: "INVALID_REQUEST",
    title: "The request is not as described",
    detail: ({ faults }) => faults.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join("; "),
    extensions: ({ faults }) => ({ errors: faults }),
  },
  malformedJson: {
    status: 400,
    code: "MALFORMED_JSON",
    title: "The body is not JSON",
    detail: "The body could not be read as JSON in UTF-8.",
  },
  unsupportedMediaType: {
    status: 415,
    code: "UNSUPPORTED_MEDIA_TYPE",
    title: "Unsupported media type",
    detail: "Send the body as `Content-Type: application/json`.",
  },
  bodyTooLarge: {
    status: 413,
    code: "BODY_TOO_LARGE",
    title: "The body is too large",
    detail: ({ limit }) => `A body may have at most ${limit} bytes.`,
    extensions: ({ limit }) => ({ limit }),
  },
  routeNotFound: {
    status: 404,
    code: "ROUTE_NOT_FOUND",
    title: "There is nothing here",
    detail: "No endpoint has this path; /api/openapi.json lists them all.",
  },
  methodNotAllowed: {
    status: 405,
    code: "METHOD_NOT_ALLOWED",
    title: "Method not allowed",
    detail: ({ allow }) => `This endpoint answers ${allow.join(", ")}.`,
    extensions: ({ allow }) => ({ allow }),
  },
  crossSiteRefused: {
    status: 403,
    code: "CROSS_SITE_REFUSED",
    title: "Not allowed from another site",
    detail: "Pages of other sites may not call this endpoint.",
  },
  metricsTokenWrong: {
    status: 401,
    code: "METRICS_TOKEN_WRONG",
    title: "The metrics are not public",
    detail: "Send the METRICS_TOKEN as `Authorization: Bearer …`.",
    authenticate: "Bearer",
  },
  operatorTokenWrong: {
    status: 401,
    code: "OPERATOR_TOKEN_WRONG",
    title: "For the operator only",
    detail: "Send the ADMIN_TOKEN as `Authorization: Bearer …`; to read in a browser, use it as the password.",
    // Only Basic has a browser ask for it.
    authenticate: 'Basic realm="operator", charset="UTF-8"',
  },
  tooManyRequests: {
    status: 429,
    code: "TOO_MANY_REQUESTS",
    title: "Too many requests",
    detail: ({ retryAfterSeconds }) => `Try again in ${retryAfterSeconds} seconds.`,
    extensions: retryAfter,
  },
  tooManyStreams: {
    status: 429,
    code: "TOO_MANY_STREAMS",
    title: "Too many live connections",
    detail: "Close one, or poll instead.",
    extensions: () => ({ retryAfterSeconds: 30 }),
  },
  streamTicketInvalid: {
    status: 401,
    code: "STREAM_TICKET_INVALID",
    title: "The ticket is not valid",
    detail: "It was used, has expired, or belongs to another order: each live connection needs a ticket of its own.",
    authenticate: "Ticket",
  },
  idempotencyKeyUnusable: {
    status: 400,
    code: "IDEMPOTENCY_KEY_UNUSABLE",
    title: "The Idempotency-Key cannot be used",
    detail: ({ detail }) => detail,
  },
  idempotencyKeyReused: {
    status: 422,
    code: "IDEMPOTENCY_KEY_REUSED",
    title: "The Idempotency-Key was used with another body",
    detail: "A key stands for one request: use a new key for a new request.",
  },
  starting: {
    status: 503,
    code: "STARTING",
    title: "The server is starting",
    detail: "It will answer in a moment.",
    extensions: () => ({ retryAfterSeconds: 2 }),
  },
  databaseDown: {
    status: 503,
    code: "DATABASE_UNAVAILABLE",
    title: "The database cannot be reached",
    detail:
      "It is not certain whether this call did anything: check, or send it again in a moment. With the same Idempotency-Key it happens only once.",
    extensions: () => ({ retryAfterSeconds: 5 }),
  },
  internal: {
    status: 500,
    code: "INTERNAL",
    title: "Something went wrong on our side",
    detail: ({ incident }) => `It was recorded as incident ${incident}.`,
    extensions: ({ incident }) => ({ incident }),
  },
} as const satisfies { [C in AppErrorCode]: Kind<Extract<AppError, { code: C }>> };

/** The problem document of an error. The spot on /docs that `type` names explains the code. */
export function problemOf(error: AppError): Problem {
  const kind: Kind<AppError> = PROBLEMS[error.code] as Kind<AppError>; // each row takes the errors of its own code
  return {
    type: `/docs#${kind.code}`,
    title: kind.title,
    status: kind.status,
    detail: typeof kind.detail === "string" ? kind.detail : kind.detail(error),
    code: kind.code,
    ...kind.extensions?.(error),
  };
}

/** What HTTP itself wants said with an error. */
export function headersOf(error: AppError, problem: Problem): Record<string, string> {
  const headers = retryAfterHeader(problem);
  if (error.code === "methodNotAllowed") headers.Allow = error.allow.join(", ");
  const { authenticate } = PROBLEMS[error.code] as Kind<AppError>;
  if (authenticate) {
    headers["WWW-Authenticate"] = typeof authenticate === "string" ? authenticate : authenticate(error);
  }
  return headers;
}

/** The status of an error, by tRPC's name for it. */
export const trpcCodeOf = (error: AppError): TRPC_ERROR_CODE_KEY => TRPC_CODE[PROBLEMS[error.code].status];

/** For how long the caller should wait, as the header that says so. */
export const retryAfterHeader = ({ retryAfterSeconds }: Problem): Record<string, string> =>
  typeof retryAfterSeconds === "number" ? { "Retry-After": String(Math.ceil(retryAfterSeconds)) } : {};
