import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { answerTo, streamMessage, wholeMessage } from "./messages-api-answer";
import {
  type ApiError,
  isApiError,
  type MessageRequest,
  promptText,
  readMessageRequest,
  userText,
} from "./messages-api-request";
import { createScriptQueue, type Fault, type Purpose, type Script } from "./messages-api-script";

/** A call as it came over the wire. `at`: milliseconds since the epoch, with a fraction, when its body had been read. */
export type ReceivedCall = { at: number; purpose: Purpose; request: MessageRequest };

export type MessagesApiServer = {
  /** For `ANTHROPIC_BASE_URL`. */
  url: string;
  /** Every call that was accepted, in order. */
  calls: ReceivedCall[];
  script(...steps: Script): void;
  /** Forgets the script and the calls. */
  reset(): void;
  stop(): Promise<void>;
};

/**
 * A server of the Messages API (`POST /v1/messages`) that checks what it is sent as the real one does.
 * `gateway`: it takes any model, and nothing beyond the bare protocol. Another process drives it by `POST /__script` (a script), `GET /__calls` and `POST /__reset`.
 */
export async function startMessagesApiServer({
  port = 0,
  apiKey = "test-key",
  gateway = false,
} = {}): Promise<MessagesApiServer> {
  const script = createScriptQueue();
  const calls: ReceivedCall[] = [];
  const reset = () => {
    script.clear();
    calls.length = 0;
  };

  async function control(path: string, body: string, reply: ServerResponse): Promise<void> {
    if (path === "/__script") script.add(JSON.parse(body));
    if (path === "/__reset") reset();
    json(reply, 200, path === "/__calls" ? calls : {});
  }

  async function messages(http: IncomingMessage, body: string, reply: ServerResponse): Promise<void> {
    const refused = refuseHeaders(http, apiKey);
    if (refused) return refuse(reply, refused);
    const request = readMessageRequest(body, { gateway });
    if (isApiError(request)) return refuse(reply, request);
    const purpose = purposeOf(request);
    calls.push({ at: performance.timeOrigin + performance.now(), purpose, request });
    const fault = script.take(purpose, userText(request));
    if (fault && insteadOfAnswer(reply, fault)) return;
    if (fault?.kind === "slow") await pause(fault.thinkMs);
    const answer = answerTo(request, purpose, fault);
    if (request.stream) return streamMessage(reply, request, answer, fault);
    json(reply, 200, wholeMessage(request, answer));
  }

  const server = createServer(async (http, reply) => {
    try {
      const body = await readText(http);
      const path = http.url?.split("?")[0] ?? "/";
      if (path.startsWith("/__")) return await control(path, body, reply);
      if (path !== "/v1/messages") return refuse(reply, { status: 404, type: "not_found_error", message: "Not Found" });
      if (http.method !== "POST") {
        return refuse(reply, { status: 405, type: "invalid_request_error", message: "Method Not Allowed" });
      }
      await messages(http, body, reply);
    } catch (error) {
      // A mistake in a script should be seen by who wrote it; a client that left is no mistake.
      if (!reply.headersSent && !reply.destroyed) json(reply, 500, { brokenTestServer: String(error) });
    }
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    script: (...steps) => script.add(steps),
    reset,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** By what this app does: it streams its work, and tells the model when the answer is a free taste, or banter. */
function purposeOf(request: MessageRequest): Purpose {
  if (request.stream) return "work";
  const prompt = promptText(request);
  if (prompt.includes("a free taste")) return "demo";
  return prompt.includes("banter") ? "chat" : "judge";
}

/** The faults that take the place of any answer. True when one did. */
function insteadOfAnswer(reply: ServerResponse, fault: Fault): boolean {
  switch (fault.kind) {
    case "rateLimited":
      reply.setHeader("retry-after", String(fault.retryAfterSeconds));
      refuse(reply, { status: 429, type: "rate_limit_error", message: "Number of requests has exceeded your limit" });
      return true;
    case "overloaded":
      reply.setHeader("retry-after", String(fault.retryAfterSeconds));
      refuse(reply, { status: 529, type: "overloaded_error", message: "Overloaded" });
      return true;
    case "apiError":
      reply.setHeader("retry-after", "0.01");
      refuse(reply, fault);
      return true;
    case "html":
      reply.writeHead(fault.status, { "content-type": "text/html", "retry-after": "0.01" });
      reply.end("<html><body><h1>Bad Gateway</h1></body></html>");
      return true;
    case "cut":
      reply.destroy();
      return true;
    case "hang":
      return true;
    default:
      return false;
  }
}

/** The older one is what everything but the newest SDKs sends. */
const VERSIONS = ["2026-10-21", "2023-06-01"];

function refuseHeaders({ headers }: IncomingMessage, apiKey: string): ApiError | undefined {
  // The SDK from 1.x on sends the key as a bearer token, older clients as x-api-key.
  const key = headers["x-api-key"] ?? headers.authorization?.replace(/^Bearer /, "");
  if (key !== apiKey) return { status: 401, type: "authentication_error", message: "invalid x-api-key" };
  if (!VERSIONS.includes(String(headers["anthropic-version"]))) {
    return { status: 400, type: "invalid_request_error", message: "anthropic-version: header is required" };
  }
  if (!headers["content-type"]?.startsWith("application/json")) {
    return { status: 415, type: "invalid_request_error", message: "content-type: must be application/json" };
  }
  return undefined;
}

const refuse = (reply: ServerResponse, { status, type, message }: ApiError): void =>
  json(reply, status, { type: "error", error: { type, message }, request_id: `req_${randomUUID()}` });

function json(reply: ServerResponse, status: number, body: unknown): void {
  reply.writeHead(status, { "content-type": "application/json" });
  reply.end(JSON.stringify(body));
}
