import { clientAddress, clientKeyOf } from "./client-address";
import type { Container } from "./container";
import { type Idempotency, idempotency } from "./idempotency";
import { originOf } from "./origin";
import { deriveKey } from "./secrets";
import { type StreamSlots, streamSlots } from "./stream-slots";
import type { Context } from "./trpc";

/** What only the server knows of a request. */
export type RequestInfo = {
  /** Null where it cannot be told: then all such clients count as one. */
  remoteAddress: string | null;
};

/** What all calls share. */
export type CallDeps = { container: Container; idempotency: Idempotency; streams: StreamSlots; addressKey: Buffer };

export function callDeps(container: Container): CallDeps {
  const { tokenSecret, sseMaxPerClient, sseMaxPerProcess } = container.settings;
  return {
    container,
    idempotency: idempotency(container.idempotency, tokenSecret),
    streams: streamSlots({ perClient: sseMaxPerClient, perProcess: sseMaxPerProcess }),
    addressKey: deriveKey(tokenSecret, "client address"),
  };
}

/** Reads of the request only what is asked for: the hottest call asks for nothing. */
export function contextOf(deps: CallDeps, request: Request, path: string, body: string, info: RequestInfo): Context {
  const { container, idempotency, streams, addressKey } = deps;
  const header = (name: string) => request.headers.get(name);
  return {
    container,
    idempotency,
    streams,
    method: request.method,
    path,
    body,
    header,
    clientKey() {
      const { trustProxy } = container.settings;
      const forwardedFor = trustProxy > 0 ? header("x-forwarded-for") : null;
      return clientKeyOf(clientAddress(info.remoteAddress, forwardedFor, trustProxy), addressKey);
    },
    origin: () => originOf(container.settings, header("host"), header("x-forwarded-proto")),
    answerHeaders: {},
  };
}
