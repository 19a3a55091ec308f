import { clientAddress, clientKeyOf } from "./client-address";
import type { Container } from "./container";
import { type Idempotency, idempotency } from "./idempotency";
import { originOf, ownOriginOf } from "./origin";
import { deriveKey } from "./secrets";
import { type StreamSlots, streamSlots } from "./stream-slots";
import { type Context, unwrap } from "./trpc";

/** What only the server knows of a request. */
export type RequestInfo = {
  /** Null where it cannot be told: then all such clients count as one. */
  remoteAddress: string | null;
  /** The template of the route that answers, noted by it. */
  route?: string;
  /** By lowercase name, where the server has parsed them already: those of the request are made when they are asked for. */
  headers?: Readonly<Record<string, string | string[] | undefined>>;
};

/** What all calls share. */
export type CallDeps = { container: Container; idempotency: Idempotency; streams: StreamSlots; addressKey: Buffer };

/** What every call needs of the container, made once. */
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
  const header = info.headers ? headerIn(info.headers) : (name: string) => request.headers.get(name);
  const ownOrigin = () => ownOriginOf(container.settings, header("host"), header("x-forwarded-proto"));
  let identity: Promise<string | null> | undefined;

  async function identify(): Promise<string | null> {
    const [token, signed] = [header("x-nostr-token"), nostrCredentials(header("authorization"))];
    if (token === null && signed === null) return null;
    const origin = ownOrigin();
    const url = origin && origin + request.url.slice(request.url.indexOf("/", "https://".length));
    return unwrap(await container.identity.identify({ token, signed, call: { method: request.method, url, body } }));
  }

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
    identity() {
      identity ??= identify();
      return identity;
    },
    ownOrigin,
    origin: () => originOf(container.settings, header("host"), header("x-forwarded-proto")),
    answerHeaders: {},
  };
}

const headerIn = (headers: NonNullable<RequestInfo["headers"]>) => (name: string) => {
  const value = headers[name.toLowerCase()];
  return value === undefined ? null : String(value);
};

/** What follows the scheme in `Authorization: Nostr …` (NIP-98); null where the scheme is another. */
function nostrCredentials(authorization: string | null): string | null {
  const ours = /^nostr(?:\s+(.*))?$/is.exec(authorization ?? "");
  return ours ? (ours[1] ?? "") : null;
}
