import { z } from "zod";
import { createDocument, type oas31, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import type { AppErrorCode } from "./app-error";
import { addExamples, exampleOf, type Schema } from "./openapi-examples";
import { fixedPaths } from "./openapi-fixed-paths";
import { headersThatMayCome, problemResponse, problemResponses } from "./openapi-problems";
import { problemTypes } from "./problem-samples";
import { type RestProcedure, restProcedures } from "./rest";

/** What any call may answer. */
const ANY: readonly AppErrorCode[] = [
  "nostrTokenInvalid",
  "nostrTokenExpired",
  "nostrEventInvalid",
  "nostrCredentialsDiffer",
  "databaseDown",
  "internal",
];
const WITH_BODY: readonly AppErrorCode[] = ["invalidRequest", "malformedJson", "unsupportedMediaType", "bodyTooLarge"];
const IDEMPOTENT: readonly AppErrorCode[] = ["idempotencyKeyUnusable", "idempotencyKeyReused"];

const IdempotencyKey = z.string().min(1).max(255).optional().meta({
  description:
    "The same key and body get the same answer for 24 hours, whatever happened to the connection. Without a credential it needs at least 22 characters, so use a random one.",
  example: "5b0c8c6e-6f0e-4f5e-9d0a-0c9a8d1a2b3c",
});
const NostrToken = z.string().optional().meta({ description: "Instead of the header `X-Nostr-Token`" });
const RefundTokenHeader = z.string().optional().meta({ description: "Instead of the field `refundToken`" });

const Stream = z.string().meta({
  description:
    "With `Accept: text/event-stream`: events `delta { text }`, then `done` with the object that is otherwise the answer, or `error` with a problem.",
  example: 'event: delta\ndata: {"text":"Snow waits"}\n\n',
});

/** OpenAPI 3.1 of everything below /api, made from the procedures' own schemas and the map of errors. */
export function openApiDocument(): oas31.OpenAPIObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const rest of restProcedures) {
    const path = `/api${rest.meta.path}`;
    paths[path] = { ...paths[path], [rest.meta.method.toLowerCase()]: operationOf(rest) };
  }
  // After the ways to hire, which readers come for.
  for (const [path, item] of Object.entries(fixedPaths)) paths[path] = { ...paths[path], ...item };
  const document = createDocument({
    openapi: "3.1.1",
    info: {
      title: "Timmy's Workshop",
      version: "1",
      description: ABOUT,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      securitySchemes: SECURITY_SCHEMES,
      responses: {
        RouteNotFound: problemResponse(["routeNotFound"]),
        MethodNotAllowed: problemResponse(["methodNotAllowed"]),
        Starting: problemResponse(["starting"]),
      },
    },
    "x-problem-types": problemTypes(),
  });
  return withExamples(document);
}

const ABOUT =
  "Hire an AI agent with Bitcoin over Lightning: no account, no card. Amounts are whole sats. Errors are problem documents (RFC 9457) with a stable `code`. A path that is not here answers 404 `ROUTE_NOT_FOUND`, another method of one that is 405 `METHOD_NOT_ALLOWED` with `Allow`; while the server starts everything answers 503 `STARTING`. Any site may call, without credentials of the browser.";

const SECURITY_SCHEMES = {
  nostrToken: {
    type: "apiKey",
    in: "header",
    name: "X-Nostr-Token",
    description: "From `POST /api/identity/verify`. An invalid one is refused, never ignored.",
  },
  nostrEvent: {
    type: "http",
    scheme: "Nostr",
    description: "A call signed by itself (NIP-98): an event of kind 27235 as JSON in base64, good once.",
  },
  refundToken: {
    type: "apiKey",
    in: "header",
    name: "X-Refund-Token",
    description:
      "From the answer that created the order; may also be sent as field `refundToken`. It alone moves the order's money.",
  },
  credential: {
    type: "http",
    scheme: "Bearer",
    description: "The macaroon of a session, or of a single answer.",
  },
  l402: {
    type: "http",
    scheme: "L402",
    description: "`<macaroon>:<preimage>`, as every L402 client sends it; the older name `LSAT` works as well.",
  },
  operatorToken: { type: "http", scheme: "Bearer", description: "The operator's: `ADMIN_TOKEN`." },
  operatorPassword: {
    type: "http",
    scheme: "Basic",
    description: "For reading in a browser: the operator's token as password, with any name.",
  },
  metricsToken: { type: "http", scheme: "Bearer", description: "Where `METRICS_TOKEN` is set." },
} as const;

function operationOf({ name, procedure, meta }: RestProcedure): ZodOpenApiOperationObject {
  const { inputs, output } = procedure._def as unknown as { inputs: z.ZodObject[]; output: z.ZodType };
  const shape: Record<string, z.ZodType> = Object.assign({}, ...inputs.map((input) => input.shape));
  const inPath = [...meta.path.matchAll(/\{(\w+)\}/g)].map(([, param]) => param as string);
  const pathShape = pick(shape, (key) => inPath.includes(key));
  const restShape = pick(shape, (key) => !inPath.includes(key));
  const bodyShape = { ...restShape, nostr_token: NostrToken };
  const readsBody = meta.method !== "GET";
  const headers = {
    ...(meta.idempotent && { "Idempotency-Key": IdempotencyKey }),
    ...(meta.refundToken && { "X-Refund-Token": RefundTokenHeader }),
  };
  const refusesQueries = !readsBody && Object.values(shape).some((field) => !field.safeParse("~").success);
  const codes = [
    ...meta.problems,
    ...(refusesQueries ? (["invalidRequest"] as const) : []),
    ...ANY,
    ...(readsBody ? WITH_BODY : []),
    ...(meta.idempotent ? IDEMPOTENT : []),
  ];
  const mayCome = [
    ...(meta.idempotent ? ["Idempotency-Replayed"] : []),
    ...(meta.streamed ? ["X-Accel-Buffering", "Content-Location"] : []),
  ];
  return {
    operationId: name,
    tags: [meta.tag],
    summary: meta.summary,
    security: securityOf(meta),
    requestParams: {
      path: z.object(pathShape),
      header: z.object(headers),
      ...(!readsBody && { query: z.object(restShape) }),
    },
    ...(readsBody && {
      requestBody: {
        required: Object.values(restShape).some((field) => !field.safeParse(undefined).success),
        content: { "application/json": { schema: z.object(bodyShape) } },
      },
    }),
    responses: {
      [`${meta.status ?? 200}`]: {
        description: meta.status === 201 ? "Made" : "Done",
        ...(mayCome.length > 0 && { headers: headersThatMayCome(mayCome) }),
        content: {
          "application/json": { schema: output },
          ...(meta.streamed && { "text/event-stream": { schema: Stream } }),
        },
      },
      ...problemResponses(codes, { replayed: meta.idempotent ?? false }),
    },
  };
}

/** Who a caller is may always be said, in either way. */
const PROOFS = [{ nostrToken: [] }, { nostrEvent: [] }];

function securityOf({
  method,
  login,
  operator,
  refundToken,
  credential,
  problems,
}: RestProcedure["meta"]): Record<string, string[]>[] {
  if (login) return PROOFS;
  if (operator) return method === "GET" ? [{ operatorToken: [] }, { operatorPassword: [] }] : [{ operatorToken: [] }];
  if (credential) {
    const opened = [{ credential: [] }, { l402: [] }];
    return problems.includes("credentialMissing") ? opened : [{}, ...opened];
  }
  if (!refundToken) return [{}, ...PROOFS];
  // It may also be a field of the body, which no scheme can express.
  return [{}, ...PROOFS].flatMap((proof) => [{ refundToken: [], ...proof }, proof]);
}

/** Every body gets an example, and what is needed says so where the shape alone cannot. */
function withExamples(document: oas31.OpenAPIObject): oas31.OpenAPIObject {
  const made = JSON.parse(JSON.stringify(document)) as Made;
  const { schemas } = made.components;
  for (const item of Object.values(made.paths)) {
    for (const { parameters = [], requestBody, responses } of Object.values(item)) {
      for (const parameter of parameters) {
        const { schema, name } = parameter;
        parameter.example ??= schema && exampleOf(schema, schemas, name);
        if (isNeeded(name, schema)) parameter.required = true;
      }
      for (const { schema } of Object.values(requestBody?.content ?? {})) markNeeded(schema);
      addExamples(requestBody?.content, schemas);
      for (const { content } of Object.values(responses)) addExamples(content, schemas);
    }
  }
  return made as unknown as oas31.OpenAPIObject; // the same document, as JSON has it
}

type Content = Parameters<typeof addExamples>[0];
type Made = {
  components: { schemas: Record<string, Schema> };
  paths: Record<
    string,
    Record<
      string,
      {
        parameters?: { name: string; required?: boolean; schema?: Schema; example?: unknown }[];
        requestBody?: { content: NonNullable<Content> };
        responses: Record<string, { content?: Content }>;
      }
    >
  >;
};

/** A request that is missing has a code of its own, so its schema takes whatever comes, and refuses it itself. */
const isNeeded = (name: string, schema: Schema | undefined): boolean => name === "request" && schema?.type === "string";
function markNeeded(schema: Schema | undefined): void {
  if (schema?.properties && isNeeded("request", schema.properties.request)) {
    schema.required = [...new Set([...(schema.required ?? []), "request"])];
  }
}

const pick = (shape: Record<string, z.ZodType>, wanted: (key: string) => boolean): Record<string, z.ZodType> =>
  Object.fromEntries(Object.entries(shape).filter(([key]) => wanted(key)));
