import { z } from "zod";

export type LnbitsHttp = {
  call(
    method: "GET" | "POST",
    path: string,
    /** `prefix`: of what is not among the payments API. */
    options: { key: string; body?: unknown; timeoutMs: number; prefix?: string },
  ): Promise<Reply>;
};

/** What came of one HTTP exchange. `notReached`: the request never left. `silence`: it may have arrived. */
export type Reply =
  | { kind: "answer"; status: number; json: unknown; retryAfterSeconds: number | null }
  | { kind: "notReached"; detail: string }
  | { kind: "silence"; detail: string };

/** Errors of connecting: nothing of the request was sent. A connection that breaks later is not among them. */
const NEVER_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** The one door to LNbits over HTTP. It judges nothing, never throws, and says nothing of keys and URLs. */
export function lnbitsHttp(baseUrl: string): LnbitsHttp {
  return {
    async call(method, path, { key, body, timeoutMs, prefix = "/api/v1" }) {
      try {
        const reply = await fetch(`${baseUrl}${prefix}${path}`, {
          method,
          headers: { "X-Api-Key": key, Accept: "application/json", "Content-Type": "application/json" },
          body: body === undefined ? null : JSON.stringify(body),
          signal: AbortSignal.timeout(timeoutMs),
          // A redirect could carry the key elsewhere, and would send a payment a second time.
          redirect: "manual",
        });
        const retryAfterSeconds = secondsOf(reply.headers.get("retry-after"));
        return { kind: "answer", status: reply.status, json: parseJson(await reply.text()), retryAfterSeconds };
      } catch (error) {
        const code = codeOf(error);
        if (code && NEVER_CONNECTED.has(code))
          return { kind: "notReached", detail: `no connection to LNbits (${code})` };
        const detail = isTimeout(error)
          ? `LNbits did not answer within ${timeoutMs} ms`
          : "the connection to LNbits broke";
        return { kind: "silence", detail };
      }
    },
  };
}

const WithCode = z.object({ code: z.string() });
/** undici wraps the error of the socket in one of its own. */
function codeOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return WithCode.safeParse(cause).data?.code;
}

const isTimeout = (error: unknown) => error instanceof Error && error.name === "TimeoutError";

/** RFC 9110: the seconds form of Retry-After; its date form is read as nothing. */
const secondsOf = (header: string | null) => (header && /^\d{1,6}$/.test(header) ? Number(header) : null);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
