import { randomUUID } from "node:crypto";
import type { Described } from "./described-api";
import { exampleCall, type Sent, type Stage } from "./stage";

/** What any endpoint may be asked that has such an answer among its own: by the code that it is described with. */
const WAYS: Readonly<Record<string, (stage: Stage, operation: Described) => Promise<unknown>>> = {
  // Who is asked who they are is asked something first of all.
  INTERNAL: (stage, operation) => ask(stage.failing, operation, { headers: { "x-nostr-token": "x" } }),
  DATABASE_UNAVAILABLE: (stage, operation) => ask(stage.cutOff, operation, { headers: { "x-nostr-token": "x" } }),
  ROUTE_NOT_FOUND: (stage, operation) => ask(stage.serious, operation),
  NOSTR_TOKEN_INVALID: ({ call }, operation) =>
    ask(call, operation, { headers: { "x-nostr-token": "no token of ours" } }),
  NOSTR_EVENT_INVALID: ({ call }, operation) =>
    ask(call, operation, { headers: { authorization: "Nostr bm8gZXZlbnQ=" } }),
  UNSUPPORTED_MEDIA_TYPE: ({ call }, operation) =>
    ask(call, operation, { body: "request=x", headers: { "content-type": "application/x-www-form-urlencoded" } }),
  MALFORMED_JSON: ({ call }, operation) => ask(call, operation, { body: "{" }),
  BODY_TOO_LARGE: ({ call }, operation) => ask(call, operation, { body: { request: "x".repeat(70_000) } }),
  IDEMPOTENCY_KEY_UNUSABLE: ({ call }, operation) => ask(call, operation, { headers: { "idempotency-key": "short" } }),
  async IDEMPOTENCY_KEY_REUSED({ call }, operation) {
    const headers = { "idempotency-key": randomUUID() };
    await ask(call, operation, { headers });
    await ask(call, operation, { headers }); // the same again
    await ask(call, operation, { headers, body: { request: "something else" } });
  },
  async TOO_MANY_REQUESTS({ tight }, operation) {
    await ask(tight, operation);
    await ask(tight, operation);
  },
  async TOO_MANY_OPEN_ORDERS({ crowded }, operation) {
    await ask(crowded, operation);
    await ask(crowded, operation);
  },
  JOB_NOT_FOUND: ({ call }, operation) => ask(call, operation),
  BOOTSTRAP_NOT_FOUND: ({ call }, operation) => ask(call, operation),
  SESSION_NOT_FOUND: ({ call }, operation) =>
    ask(call, operation, { headers: { authorization: "Bearer AgEJbm90IG91cnM=", "x-refund-token": "x" } }),
  CROSS_SITE_REFUSED: ({ call }, operation) => ask(call, operation, { headers: { "sec-fetch-site": "cross-site" } }),
  REQUEST_MISSING: ({ call }, operation) => askFor(call, operation, ""),
  REQUEST_TOO_LONG: ({ call }, operation) => askFor(call, operation, "x".repeat(501)),
  REQUEST_UNREADABLE: ({ call }, operation) => askFor(call, operation, "a\u0000b"),
};

type CallOf = Stage["call"];

/** The call of the description's own example, with what is different about it. */
function ask(call: CallOf, operation: Described, over: Sent = {}) {
  const { path, ...sent } = exampleCall(operation);
  return call(operation.method, path, { ...sent, ...over });
}

function askFor(call: CallOf, operation: Described, request: string) {
  if (operation.requestBody) return ask(call, operation, { body: { request } });
  const { path } = exampleCall(operation);
  return call(operation.method, `${path.split("?")[0]}?${new URLSearchParams({ request })}`);
}

/** Every code that is described for some status of it. */
const codesOf = ({ responses }: Described): ReadonlySet<string> =>
  new Set(
    Object.values(responses).flatMap(({ content }) => Object.keys(content["application/problem+json"]?.examples ?? {})),
  );

/** Has every operation give the answers that all of its kind have, and every path those to what it is not. */
export async function everywhere(stage: Stage): Promise<void> {
  for (const operation of stage.api.operations) {
    const codes = codesOf(operation);
    for (const code of codes) await WAYS[code]?.(stage, operation);
    await stage.call("PUT", exampleCall(operation).path);
  }
  await stage.call("GET", "/api/nothing");
}
