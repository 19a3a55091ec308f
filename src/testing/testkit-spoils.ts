import type { Asked, Spoil, Told } from "./spoiling-proxy";

type When = (asked: Asked, told: Told) => boolean;
type Change = (told: Told) => Told;

/** The `nth` answer of those that it is about, else every one of them. */
function on(when: When, change: Change, nth?: number): () => Spoil {
  return () => {
    let met = 0;
    return (asked, told) => {
      if (!when(asked, told)) return told;
      met += 1;
      return nth === undefined || met === nth ? change(told) : told;
    };
  };
}

const at =
  (method: string, path: RegExp | string): When =>
  (asked) =>
    asked.method === method && (typeof path === "string" ? asked.path === path : path.test(asked.path));
const both =
  (...all: When[]): When =>
  (asked, told) =>
    all.every((when) => when(asked, told));
/** Answers with this in their body. */
const saying =
  (words: RegExp | string): When =>
  (_, { body }) =>
    typeof words === "string" ? body.includes(words) : words.test(body);
const withHeader =
  (name: string, value: RegExp): When =>
  ({ headers }) =>
    value.test(String(headers[name] ?? ""));

const swap =
  (what: RegExp, instead: string): Change =>
  (told) => ({ ...told, body: told.body.replace(what, instead) });
const status =
  (code: number): Change =>
  (told) => ({ ...told, status: code });
const header =
  (name: string, value: string | null): Change =>
  (told) => {
    const { [name]: _, ...others } = told.headers;
    return { ...told, headers: value === null ? others : { ...others, [name]: value } };
  };

const ESTIMATE = at("GET", /^\/api\/estimate\?request=Write/);
const CREATE = at("POST", "/api/jobs");
const JOB = at("GET", /^\/api\/jobs\/[^/]+$/);
const REFUND = at("POST", /^\/api\/jobs\/[^/]+\/refund$/);
const PAY = both(at("POST", /^\/api\/dev\/stub\/pay\//), saying("preimage"));
const OPEN = at("POST", "/api/sessions");
const SESSION = at("GET", /^\/api\/sessions\/[^/]+$/);
const REQUEST = at("POST", /^\/api\/sessions\/[^/]+\/request$/);
const NODE = at("GET", /^\/api\/bootstrap\/[^/]+$/);
const ASK = at("POST", "/api/l402/ask");
const VERIFY = at("POST", "/api/identity/verify");
const code = (name: string): When => saying(`"code":"${name}"`);
const state = (name: string): When => saying(`"state":"${name}"`);

/** For each check of the testkit one answer that is not as it should be, which that check, before any other, must see. */
export const SPOILS: Readonly<Record<string, () => Spoil>> = {
  "the server is alive and says what is simulated": on(at("GET", "/api/healthz"), swap(/"ok"/, '"asleep"')),
  "every part that it needs answers": on(at("GET", "/api/readyz"), swap(/"queue":true/, '"queue":false')),
  "/api and /api/ui lead to the workshop": on(at("GET", "/api/ui"), header("location", "/elsewhere")),
  "the API describes itself (OpenAPI 3.1)": on(at("GET", "/api/openapi.json"), swap(/"\/api\/demo":/, '"/api/x":')),
  "metrics for Prometheus": on(at("GET", "/api/metrics"), swap(/# TYPE timmy_queue_tasks /, "# TYPE x ")),
  "any site may call, without browser credentials": on(
    at("OPTIONS", "/api/jobs"),
    header("access-control-allow-headers", "Authorization"),
  ),
  "answers may not be cached, indexed or framed": on(at("GET", "/api/healthz"), header("cache-control", "public"), 3),

  "an unknown path is 404": on(at("GET", "/api/nothing"), status(200)),
  "a wrong method is 405 and names the right ones": on(at("PUT", "/api/jobs"), header("allow", "GET")),
  "malformed JSON is 400": on(code("MALFORMED_JSON"), swap(/MALFORMED_JSON"/, 'INTERNAL"')),
  "a wrong content type is 415": on(code("UNSUPPORTED_MEDIA_TYPE"), status(400)),
  "a body over the limit is 413": on(code("BODY_TOO_LARGE"), status(500)),
  "a request that is missing is 400": on(
    both(CREATE, code("REQUEST_MISSING")),
    swap(/"detail":"[^"]*"/, '"detail":""'),
    2,
  ),
  "a request that is too long is another 400, with the limit and the length": on(
    both(CREATE, code("REQUEST_TOO_LONG")),
    swap(/"limit":500/, '"limit":400'),
  ),
  "an unknown job is 404": on(both(JOB, code("JOB_NOT_FOUND")), swap(/\/docs#/, "/help#")),
  "an unknown job moves no money, whatever the token": on(REFUND, header("content-type", "application/json")),
  "an Idempotency-Key that can be guessed is 400": on(code("IDEMPOTENCY_KEY_UNUSABLE"), status(201)),

  "an estimate names every price": on(ESTIMATE, swap(/"sessionEstimatedSats":\d+/, '"sessionEstimatedSats":0'), 1),
  "an anonymous caller is gated: pays the full price": on(ESTIMATE, swap(/"gate"/, '"free"'), 2),
  "an estimate changes nothing": on(ESTIMATE, swap(/"balanceSats":\d+/, '"balanceSats":1'), 6),
  "an estimate refuses what a job would refuse": on(at("GET", "/api/estimate?request="), status(200)),

  "a free taste is answered": on(at("GET", /^\/api\/demo/), swap(/"result":/, '"answer":'), 1),
  "a taste takes at most 500 characters": on(code("REQUEST_TOO_LONG"), status(200)),
  "free tastes run out, and the answer says for how long": on(code("TOO_MANY_REQUESTS"), header("retry-after", null)),

  "a job is made, with the invoice for judging it": on(CREATE, swap(/"amountSats":\d+/, '"amountSats":9999')),
  "it waits for its payment": on(JOB, swap(/"state":"[^"]*"/, '"state":"complete"')),
  "the same key and body get the same job": on(
    both(CREATE, state("awaiting_eval_payment")),
    header("idempotency-replayed", null),
    2,
  ),
  "the same key with another body is 422": on(code("IDEMPOTENCY_KEY_REUSED"), status(201)),
  "its text stays while it is open": on(code("JOB_IN_PROGRESS"), status(200)),
  "the invoice for judging can be paid": on(PAY, swap(/"preimage":"[^"]*"/, '"preimage":"00"')),
  "paid, it is judged and gets a price": on(
    both(JOB, state("awaiting_work_payment")),
    swap(/("workInvoice":\{[^}]*"amountSats":)\d+/, "$15"),
  ),
  "the price is the sum of its parts": on(
    both(JOB, state("awaiting_work_payment")),
    swap(/"infraUsd":[\d.]+/, '"infraUsd":7'),
  ),
  "paid again, it is worked on and done": on(both(JOB, state("complete")), swap(/"result":/, '"answer":')),
  "the cost ledger adds up": on(both(JOB, state("complete")), swap(/"totalTokens":\d+/, '"totalTokens":1')),
  "the change is owed": on(both(JOB, state("complete")), swap(/"owedSats":\d+/, '"owedSats":1')),
  "a refund without the token is 401, with a wrong one 403": on(
    both(REFUND, code("REFUND_TOKEN_MISSING")),
    header("www-authenticate", null),
  ),
  "a refund names one way": on(code("REFUND_TARGET_MISSING"), status(200)),
  "an invoice for another amount is 422": on(code("REFUND_TARGET_UNUSABLE"), status(200)),
  "a withdraw code is given, and is an offer to any wallet": on(REFUND, swap(/LNURL1/i, "X")),
  "the change is paid to an invoice": on(
    both(REFUND, saying("refundState")),
    swap(/"amountSats":\d+/, '"amountSats":0'),
  ),
  "what was paid is not paid again": on(code("NOTHING_OWED"), status(200)),
  "a finished job cannot be cancelled": on(code("ILLEGAL_STATE"), status(200)),
  "an unpaid job can be cancelled, but only with the token": on(
    at("POST", /\/cancel$/),
    swap(/"state":"cancelled"/, '"state":"expired"'),
  ),
  "a request that is turned down costs only the judging, and says why": on(
    both(JOB, state("rejected")),
    swap(/"owedSats":0/, '"owedSats":10'),
  ),
  "work that fails is owed back in full": on(both(JOB, state("failed")), swap(/"owedSats":\d+/, '"owedSats":0')),
  "the text of a job can be deleted, its money stays": on(
    both(JOB, saying("textDeleted")),
    swap(/"textDeleted":true/, '"request":"Write a haiku about forgetting"'),
  ),

  "a deposit has its limits": on(both(OPEN, code("INVALID_REQUEST")), status(201), 2),
  "a session is opened, with its credential and the invoice of the deposit": on(
    OPEN,
    swap(/"macaroon":/, '"cookie":'),
    5,
  ),
  "without a credential a session is closed to everybody": on(
    code("CREDENTIAL_MISSING"),
    header("www-authenticate", null),
  ),
  "the credential opens nothing before the deposit is paid": on(code("DEPOSIT_UNPAID"), status(200)),
  "paid, it is active, with the deposit as its balance": on(SESSION, swap(/"balanceSats":2000/, '"balanceSats":1999')),
  "credential and preimage together work too (L402)": on(
    both(SESSION, withHeader("authorization", /^LSAT/)),
    status(401),
  ),
  "an altered credential is 401": on(both(SESSION, code("CREDENTIAL_INVALID")), status(200), 2),
  "the credential of another session is 401": on(both(SESSION, code("CREDENTIAL_INVALID")), status(200), 4),
  "a request is answered and paid from the balance": on(
    both(REQUEST, state("complete")),
    swap(/"debitedSats":\d+/, '"debitedSats":0'),
  ),
  "its answer remains available": on(at("GET", /\/requests\//), swap(/"result":/, '"answer":')),
  "an answer can be streamed": on(REQUEST, swap(/event: done/, "event: end")),
  "the history lists every request": on(SESSION, swap(/"requests":\[.*\]/s, '"requests":[]')),
  "a request that is turned down costs at most the fee for judging": on(
    both(REQUEST, state("rejected")),
    swap(/"debitedSats":\d+/, '"debitedSats":500'),
  ),
  "a request that fails costs nothing": on(both(REQUEST, state("failed")), swap(/"debitedSats":0/, '"debitedSats":1')),
  "a top-up gets an invoice": on(at("POST", /\/topup$/), swap(/"amountSats":300/, '"amountSats":3')),
  "a second top-up is 409 while the first is unpaid": on(
    code("TOPUP_PENDING"),
    swap(/"paymentHash":"[^"]*"/, '"paymentHash":""'),
  ),
  "the top-up is paid, and is in the balance": topupForgotten,
  "too little on the balance is 402, and says how much is missing": on(
    code("BALANCE_TOO_LOW"),
    swap(/"missingSats":\d+/, '"missingSats":0'),
  ),
  "change of a job can go into a session": on(both(REFUND, withBody(/sessionId/)), status(409)),
  "a session is closed by who has the token, and the rest is owed": on(
    both(at("POST", /\/close$/), state("closed")),
    swap(/"owedSats":\d+/, '"owedSats":0'),
  ),
  "a closed session takes no request": on(code("SESSION_NOT_ACTIVE"), status(200)),

  "a single answer is 402, with a challenge that any L402 client reads": on(ASK, header("www-authenticate", "Bearer")),
  "a forged credential is 401": on(code("CREDENTIAL_INVALID"), status(200)),
  "the credential of an unpaid invoice is 401, whatever the preimage": on(
    both(ASK, withHeader("authorization", /^L402/)),
    status(200),
    2,
  ),
  "paid and asked again, it is answered": on(both(ASK, state("complete")), swap(/"refundToken":/, '"token":')),
  "asked once more, it is the same answer": on(
    both(ASK, state("complete")),
    swap(/"requestId":"./, '"requestId":"_'),
    2,
  ),
  "another request with it is 402 again": on(
    both(ASK, code("PAYMENT_REQUIRED"), withHeader("authorization", /./)),
    status(200),
  ),

  "a node is ordered, with the invoice of its fee": on(
    at("POST", "/api/bootstrap"),
    swap(/"state":"awaiting_payment"/, '"state":"ready"'),
  ),
  "an order of a node is readable only with its token": on(code("REFUND_TOKEN_WRONG"), status(200)),
  "an unknown order of a node is 404": on(code("BOOTSTRAP_NOT_FOUND"), status(200)),
  "paid, the node is made": on(both(NODE, state("ready")), swap(/"nodeIp":/, '"ip":')),
  "its private key is given out exactly once": on(
    both(NODE, state("ready")),
    swap(/"sshKeyNote":/, '"sshPrivateKey":'),
    2,
  ),

  "a login begins with a challenge": on(
    at("POST", "/api/identity/challenge"),
    swap(/"challenge":"[^"]*"/, '"challenge":"same"'),
  ),
  "a challenge is for a key": on(code("INVALID_REQUEST"), status(200), 2),
  "an unsigned event logs nobody in": on(both(VERIFY, code("NOSTR_EVENT_INVALID")), status(200)),
  "an invalid token is 401 everywhere, never anonymous": on(both(JOB, code("NOSTR_TOKEN_INVALID")), status(404)),
  "an invalid signed call is 401": on(withHeader("authorization", /^Nostr/), status(200)),
  "an anonymous caller has no standing": on(code("NOSTR_LOGIN_REQUIRED"), header("www-authenticate", null)),
  "a signed challenge logs in": on(
    both(VERIFY, saying("nostr_token")),
    swap(/"trust_tier":"new"/, '"trust_tier":"elite"'),
  ),
  "a challenge is valid once": on(code("NOSTR_CHALLENGE_INVALID"), status(200)),
  "an event that was signed for another site logs nobody in": on(
    both(VERIFY, code("NOSTR_EVENT_INVALID")),
    status(200),
    2,
  ),
  "a key that logged in has a standing, and begins as new": on(
    at("GET", "/api/identity/me"),
    swap(/"trust_score":0/, '"trust_score":50'),
  ),
  "a new identity is gated: pays the full price": on(
    both(ESTIMATE, withHeader("x-nostr-token", /^(?!79be)/)),
    swap(/"serve":"gate"/, '"serve":"free"'),
  ),
  "what an identity orders shows its tier": on(
    both(CREATE, saying("evalInvoice")),
    swap(/"trust_tier":"new"/, '"trust_tier":"anonymous"'),
  ),
};

function withBody(words: RegExp): When {
  return ({ body }) => words.test(body);
}

/** After the top-up was paid the session still tells of it as pending. */
function topupForgotten(): Spoil {
  let pending = false;
  return (asked, told) => {
    pending ||= told.body.includes("TOPUP_PENDING");
    const isSession = SESSION(asked, told);
    return pending && isSession ? swap(/"pendingTopup":null/, '"pendingTopup":{"amountSats":300}')(told) : told;
  };
}
