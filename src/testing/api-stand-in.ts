import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";
import { z } from "zod";

/** A request as it came over the wire. `body`: parsed JSON or form fields; undefined without one. */
export type ApiCall = {
  method: string;
  /** Without the query. */
  path: string;
  query: Record<string, string>;
  headers: IncomingHttpHeaders;
  body: unknown;
};

export type ApiAnswer = { status: number; headers?: Record<string, string>; json?: unknown };

/** What one documented call may look like, and what is answered. Everything that `shape` does not name is a mistake. */
export type ApiRoute = {
  method: "GET" | "POST" | "DELETE";
  /** `:name` stands for one segment. */
  path: string;
  /** The documented parameters; no query without it. */
  query?: z.ZodType;
  /** No body without it. */
  body?: z.ZodType;
  form?: boolean;
  answer(call: ApiCall & { params: Record<string, string> }): ApiAnswer;
};

/**
 * What happens instead of the answer, or after it: `lost` is carried out, and its answer never arrives; `withheld` as
 * well, and whoever asked is left waiting.
 */
export type ApiTrouble = ApiAnswer | "cut" | "hang" | "lost" | "withheld" | { body: string; status: number };

export type ApiStandIn = {
  url: string;
  /** Every call, in order. */
  calls: ApiCall[];
  /** What was asked in a way that the documentation does not know: a test ends with none. */
  mistakes: string[];
  /** The next calls of this method and path (`POST /v2/droplets`) meet with these, one each. */
  trouble(call: string, ...troubles: ApiTrouble[]): void;
  stop(): Promise<void>;
};

/** A local server that knows some calls of a public API, and holds every request against its documented shape. */
export async function startApiStandIn(options: {
  routes: readonly ApiRoute[];
  /** Why a request may not come in at all; null when it may. */
  refuse(call: ApiCall): ApiAnswer | null;
  /** Added to every answer. */
  headers?: Record<string, string>;
}): Promise<ApiStandIn> {
  const calls: ApiCall[] = [];
  const mistakes: string[] = [];
  const troubles = new Map<string, ApiTrouble[]>();

  function judge(call: ApiCall): ApiAnswer {
    const refused = options.refuse(call);
    if (refused) return refused;
    for (const route of options.routes) {
      const params = route.method === call.method ? paramsOf(route.path, call.path) : null;
      if (!params) continue;
      const faults = [...faultsOf("query", route.query ?? z.strictObject({}), call.query), ...bodyFaults(route, call)];
      mistakes.push(...faults.map((fault) => `${call.method} ${call.path}: ${fault}`));
      if (faults.length > 0) return { status: 400, json: { id: "bad_request", message: faults.join("; ") } };
      return route.answer({ ...call, params });
    }
    mistakes.push(`${call.method} ${call.path}: no such call`);
    return { status: 404, json: { id: "not_found", message: "The resource you requested could not be found." } };
  }

  const server = createServer(async (http, reply) => {
    const url = new URL(http.url ?? "/", "http://localhost");
    const form = http.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
    const call: ApiCall = {
      method: http.method ?? "",
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: http.headers,
      body: bodyOf(await readText(http), form),
    };
    calls.push(call);
    const trouble = troubles.get(`${call.method} ${call.path}`)?.shift();
    if (trouble === "hang") return;
    if (trouble === "cut") return void reply.destroy();
    const answer = trouble === undefined || trouble === "lost" || trouble === "withheld" ? judge(call) : trouble;
    if (trouble === "lost") return void reply.destroy();
    if (trouble === "withheld") return;
    give(reply, answer, options.headers ?? {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    mistakes,
    trouble(call, ...next) {
      troubles.set(call, [...(troubles.get(call) ?? []), ...next]);
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function give(reply: ServerResponse, answer: ApiAnswer | { body: string; status: number }, headers: object): void {
  if ("body" in answer) {
    reply.writeHead(answer.status, { "content-type": "text/html" }).end(answer.body);
  } else {
    reply.writeHead(answer.status, { "content-type": "application/json", ...headers, ...answer.headers });
    reply.end(answer.json === undefined ? "" : JSON.stringify(answer.json));
  }
}

function paramsOf(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const given = path.split("/").map(decodeURIComponent);
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const value = given[at] ?? "";
    if (part.startsWith(":")) params[part.slice(1)] = value;
    else if (part !== value) return null;
  }
  return params;
}

function bodyFaults({ body, form = false }: ApiRoute, call: ApiCall): string[] {
  if (!body) return call.body === undefined ? [] : ["a body where none belongs"];
  const wanted = form ? "application/x-www-form-urlencoded" : "application/json";
  const type = call.headers["content-type"] ?? "";
  return [
    ...(type.startsWith(wanted) ? [] : [`content-type: ${type || "none"}, not ${wanted}`]),
    ...faultsOf("body", body, call.body),
  ];
}

function faultsOf(what: string, shape: z.ZodType, given: unknown): string[] {
  const parsed = shape.safeParse(given);
  return parsed.success ? [] : parsed.error.issues.map((issue) => `${what} ${issue.path.join(".")}: ${issue.message}`);
}

function bodyOf(text: string, form: boolean): unknown {
  if (text === "") return undefined;
  if (form) return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
