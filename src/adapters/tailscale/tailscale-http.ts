import type { z } from "zod";
import { ok, type Result } from "~/core/result";
import type { Clock } from "~/ports/clock";
import type { NodeProviderFailure } from "~/ports/node-provider";
import { askJson, type JsonRequest, type Reply } from "../json-http/json-http";
import { readAnswer } from "../json-http/provider-failure";
import { AccessToken } from "./tailscale-shapes";

/** An API access token (`tskey-api-…`), or an OAuth client that may write `auth_keys` and `devices:core`. */
export type TailscaleCredentials = { apiKey: string } | { clientId: string; clientSecret: string };

export type TailscaleConfig = {
  /** Without `/api/v2`. */
  baseUrl: string;
  credentials: TailscaleCredentials;
  /** For one call, in milliseconds. */
  timeoutMs: number;
};

export type TailscaleHttp = {
  call<T>(
    method: JsonRequest["method"],
    path: string,
    shape: z.ZodType<T>,
    body?: unknown,
  ): Promise<Result<T, NodeProviderFailure>>;
};

const WHO = "Tailscale";
/** A token is not used in its last minute. */
const MARGIN_MS = 60_000;

/** The one door to Tailscale's API. Tokens of an OAuth client are fetched when needed and kept in memory. */
export function tailscaleHttp({ baseUrl, credentials, timeoutMs }: TailscaleConfig, clock: Clock): TailscaleHttp {
  const root = `${baseUrl.replace(/\/+$/, "")}/api/v2`;
  let kept: { token: string; until: number } | null = null;

  async function token(): Promise<Result<string, NodeProviderFailure>> {
    if ("apiKey" in credentials) return ok(credentials.apiKey);
    if (kept && clock.now().getTime() < kept.until) return ok(kept.token);
    const form = {
      grant_type: "client_credentials",
      client_id: credentials.clientId,
      client_secret: credentials.clientSecret,
    };
    const reply = await askJson({ method: "POST", url: `${root}/oauth/token`, form, timeoutMs });
    const answer = readAnswer({ who: WHO, reply, now: clock.now() }, AccessToken);
    if (!answer.ok) return answer;
    const { access_token, expires_in } = answer.value;
    kept = { token: access_token, until: clock.now().getTime() + expires_in * 1000 - MARGIN_MS };
    return ok(access_token);
  }

  async function ask(request: Omit<JsonRequest, "timeoutMs">): Promise<Result<Reply, NodeProviderFailure>> {
    const bearer = await token();
    if (!bearer.ok) return bearer;
    const headers = { Authorization: `Bearer ${bearer.value}` };
    return ok(await askJson({ ...request, headers, timeoutMs }));
  }

  return {
    async call(method, path, shape, body) {
      const request = { method, url: `${root}${path}`, body };
      let reply = await ask(request);
      // A token can be revoked before its time: once more with a fresh one.
      if (reply.ok && reply.value.kind === "answer" && reply.value.status === 401 && kept) {
        kept = null;
        reply = await ask(request);
      }
      return reply.ok ? readAnswer({ who: WHO, reply: reply.value, now: clock.now() }, shape) : reply;
    },
  };
}
