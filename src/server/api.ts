import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { type Handler, Hono } from "hono";
import { getPath } from "hono/utils/url";
import type { Tracing } from "~/ports/tracing";
import { adminPageRoute } from "./admin-page-route";
import { answers, headersFor, isClosedToSites, PREFLIGHT_HEADERS, type ResponseClass } from "./answer";
import { callDeps, contextOf, type RequestInfo } from "./call-context";
import type { Container } from "./container";
import { AppFailure, appErrorOf } from "./failure";
import { dev, health, play, webhooks } from "./fixed-routes";
import { lnurl } from "./lnurl-routes";
import { metrics } from "./metrics";
import { metricsRoute } from "./metrics-route";
import { openApiDocument } from "./openapi";
import { problemOf } from "./problems";
import { isJson, readBody } from "./request-body";
import { restHandler, restProcedures } from "./rest";
import { appRouter } from "./router";
import { testkitRoute } from "./testkit-route";

export type Api = {
  /** Answers every request below /api. Never rejects. */
  handle(request: Request, info: RequestInfo): Promise<Response>;
};

type Options = {
  /** Asked at each question whether this server is ready: whether the pages can be served, and it does not leave. */
  staysReady?: () => boolean;
  Response?: ResponseClass;
};

/** The whole API on one web-standard function, to be mounted wherever requests arrive. */
export function createApi(container: Container, options: Options = {}): Api {
  const deps = callDeps(container);
  const answer = answers(options.Response ?? Response);
  const figures = metrics(container.sharedFigures, deps.streams.taken);
  const app = new Hono<{ Bindings: RequestInfo }>();
  const allowed: { method: string; path: RegExp }[] = [];

  const on = (method: string, path: string, handler: Handler<{ Bindings: RequestInfo }>) => {
    app.on(method, path, (c, next) => {
      c.env.route = path;
      return handler(c, next);
    });
    const pattern = path.replace(/:\w+/g, "[^/]+").replace("*", ".*");
    allowed.push({ method, path: new RegExp(`^${pattern}$`) });
  };

  for (const rest of restProcedures) {
    on(rest.meta.method, `/api${rest.meta.path.replace(/\{(\w+)\}/g, ":$1")}`, restHandler(rest, deps, answer));
  }
  for (const route of [
    ...health(deps, answer, options.staysReady),
    ...webhooks(deps, answer),
    ...dev(deps, answer),
    ...play(deps, answer),
    ...lnurl(deps, answer),
    metricsRoute(deps, answer, figures),
    adminPageRoute(deps, answer),
    testkitRoute(deps, answer),
  ]) {
    on(route.method, route.path, route.handler);
  }
  let document: string | undefined;
  on("GET", "/api/openapi.json", () => {
    document ??= JSON.stringify(openApiDocument());
    return answer.text(200, document, "application/json");
  });
  for (const method of ["GET", "POST"]) on(method, "/api/trpc/*", (c) => trpc(c.req.raw, c.req.path, c.env));

  app.notFound((c) => {
    const allow = [...new Set(allowed.flatMap(({ method, path }) => (path.test(c.req.path) ? method : [])))];
    if (allow.length === 0) throw new AppFailure({ code: "routeNotFound" });
    if (allow.includes("GET")) allow.push("HEAD");
    throw new AppFailure({ code: "methodNotAllowed", allow: [...allow, "OPTIONS"] });
  });
  app.onError((error, c) => answer.problem(appErrorOf(error, container.log), c.req.path));

  /** The same procedures as tRPC's own clients call them; subscriptions are SSE. */
  async function trpc(request: Request, path: string, info: RequestInfo): Promise<Response> {
    let body = "";
    const init: RequestInit = {
      method: request.method,
      headers: request.headers,
      signal: request.signal,
    };
    if (request.method === "POST") {
      try {
        if (!isJson(request.headers.get("content-type"))) throw new AppFailure({ code: "unsupportedMediaType" });
        body = await readBody(request, container.settings.maxBodyBytes);
      } catch (error) {
        const problem = problemOf(appErrorOf(error, container.log));
        const shape = { message: problem.detail, code: -32600, data: { ...problem, httpStatus: problem.status } };
        return answer.json(problem.status, { error: shape });
      }
      init.body = body;
    }
    const ctx = contextOf(deps, request, path, body, info);
    const reply = await fetchRequestHandler({
      endpoint: "/api/trpc",
      req: new Request(request.url, init),
      router: appRouter,
      createContext: () => ctx,
      maxBatchSize: MAX_BATCH,
      responseMeta: () => ({ headers: new Headers(ctx.answerHeaders) }),
    });
    for (const [name, value] of Object.entries(headersFor(path))) reply.headers.set(name, value);
    return reply;
  }

  return {
    async handle(request, info) {
      if (request.method === "OPTIONS") return preflight(request);
      const startedAt = performance.now();
      const reply = await (container.tracing ? traced(container.tracing, request, info) : app.fetch(request, info));
      figures.answered(request.method, info.route ?? "none", reply.status, (performance.now() - startedAt) / 1000);
      return reply;
    },
  };

  function traced(tracing: Tracing, request: Request, info: RequestInfo): Promise<Response> {
    return tracing.span(
      request.method,
      { "http.request.method": request.method },
      async () => app.fetch(request, info),
      ({ status }) => ({
        name: `${request.method} ${info.route ?? "none"}`,
        facts: { "http.route": info.route ?? "none", "http.response.status_code": status },
      }),
    );
  }

  function preflight(request: Request): Response {
    const path = getPath(request); // as the routes read it: percent signs hide nothing
    return answer.empty(204, isClosedToSites(path) ? headersFor(path) : PREFLIGHT_HEADERS);
  }
}

const MAX_BATCH = 10;
