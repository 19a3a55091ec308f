/** What came of one HTTP exchange. `silence`: no whole answer; the request may have arrived all the same. */
export type Reply =
  | { kind: "answer"; status: number; json: unknown; headers: Headers }
  | { kind: "silence"; detail: string };

export type JsonRequest = {
  method: "GET" | "POST" | "DELETE";
  url: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as `application/x-www-form-urlencoded`, in place of `body`. */
  form?: Record<string, string>;
  timeoutMs: number;
};

/** No answer that is asked for here comes near it. */
const MAX_BYTES = 4 * 1024 * 1024;

/** One request to a server that answers JSON. It judges nothing, never throws, and says nothing of keys and URLs. */
export async function askJson(request: JsonRequest): Promise<Reply> {
  try {
    const reply = await fetch(request.url, {
      method: request.method,
      headers: { Accept: "application/json", ...contentType(request), ...request.headers },
      body: contentOf(request),
      signal: AbortSignal.timeout(request.timeoutMs),
      // A redirect could carry the key elsewhere.
      redirect: "manual",
    });
    const text = await readAtMost(reply, MAX_BYTES);
    if (text === null) return { kind: "silence", detail: "answered without an end" };
    return { kind: "answer", status: reply.status, json: parseJson(text), headers: reply.headers };
  } catch (error) {
    const late = error instanceof Error && error.name === "TimeoutError";
    const detail = late ? `did not answer within ${request.timeoutMs} ms` : `cannot be reached (${causeOf(error)})`;
    return { kind: "silence", detail };
  }
}

function contentType({ body, form }: JsonRequest): Record<string, string> {
  if (form) return { "Content-Type": "application/x-www-form-urlencoded" };
  return body === undefined ? {} : { "Content-Type": "application/json" };
}

function contentOf({ body, form }: JsonRequest): string | null {
  if (form) return new URLSearchParams(form).toString();
  return body === undefined ? null : JSON.stringify(body);
}

async function readAtMost(reply: Response, limit: number): Promise<string | null> {
  if (!reply.body) return "";
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of reply.body) {
    length += piece.byteLength;
    if (length > limit) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** undici wraps the error of the socket in one of its own; only its code is free of addresses. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause ? String(cause.code) : "connection broken";
}
