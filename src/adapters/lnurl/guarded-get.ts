import http from "node:http";
import https from "node:https";
import net from "node:net";
import { RequestFilteringHttpsAgent } from "request-filtering-agent";
import { err, ok, type Result } from "~/core/result";

export type GuardedGetFailure = {
  /** `forbidden`: an address that strangers may not send us to. `unknownHost`: no such name. */
  code: "forbidden" | "unknownHost" | "tooLarge" | "tooManyRedirects" | "noAnswer";
};
export type Answer = { status: number; body: string };

export type GuardedGetOptions = {
  /** host:port of private services that may be asked all the same, by plain http. */
  privateHosts: ReadonlySet<string>;
  /** Covers everything: name look-up, connection, redirects, body. */
  signal: AbortSignal;
};

const MAX_BODY_BYTES = 64 * 1024;
const MAX_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Refuses every address that is not public, at the moment of connecting: what was looked up and checked is what is
 * connected to, so that a name which changes its mind in between (DNS rebinding) gains nothing.
 */
const publicOnly = new RequestFilteringHttpsAgent({ keepAlive: false });

/** GETs a URL that a stranger named, and whatever it redirects to, without ever reaching into a private network. */
export async function guardedGet(start: URL, options: GuardedGetOptions): Promise<Result<Answer, GuardedGetFailure>> {
  let url = start;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    if (!isAllowed(url, options.privateHosts)) return err({ code: "forbidden" });
    const answer = await get(url, options);
    if (!answer.ok || !("location" in answer.value)) return answer as Result<Answer, GuardedGetFailure>;
    const next = URL.parse(answer.value.location, url);
    if (!next) return err({ code: "forbidden" });
    url = next;
  }
  return err({ code: "tooManyRedirects" });
}

/** https to a named host on its usual port: a number for a host, however written, is none. */
function isAllowed(url: URL, privateHosts: ReadonlySet<string>): boolean {
  if (url.username !== "" || url.password !== "") return false;
  if (url.protocol === "http:") return privateHosts.has(url.host);
  const bareHost = url.hostname.replace(/^\[|\]$/g, "");
  return url.protocol === "https:" && url.port === "" && net.isIP(bareHost) === 0;
}

function get(
  url: URL,
  { signal }: GuardedGetOptions,
): Promise<Result<Answer | { location: string }, GuardedGetFailure>> {
  return new Promise((resolve) => {
    const headers = { Accept: "application/json", "Accept-Encoding": "identity", "User-Agent": "timmys-workshop" };
    const request =
      url.protocol === "https:"
        ? https.get(url, { headers, signal, agent: publicOnly })
        : http.get(url, { headers, signal, agent: false });
    request.on("error", (error) => resolve(err({ code: causeOf(error) })));
    request.on("response", (response) => {
      const status = response.statusCode ?? 0;
      const { location } = response.headers;
      if (REDIRECTS.has(status) && location !== undefined) {
        resolve(ok({ location }));
        request.destroy();
        return;
      }
      const pieces: Buffer[] = [];
      let bytes = 0;
      response.on("data", (piece: Buffer) => {
        bytes += piece.length;
        if (bytes > MAX_BODY_BYTES) {
          resolve(err({ code: "tooLarge" }));
          request.destroy();
          return;
        }
        pieces.push(piece);
      });
      response.on("end", () => resolve(ok({ status, body: Buffer.concat(pieces).toString("utf8") })));
      // A body that breaks off: where it ended properly the answer is given already.
      response.on("close", () => resolve(err({ code: "noAnswer" })));
      response.on("error", () => resolve(err({ code: "noAnswer" })));
    });
  });
}

function causeOf(error: Error): GuardedGetFailure["code"] {
  // The filter says so in words only.
  if (/is not allowed\. Because/.test(error.message)) return "forbidden";
  return "code" in error && error.code === "ENOTFOUND" ? "unknownHost" : "noAnswer";
}
