import { z } from "zod";
import { createDocument, type oas31, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import {
  CostLedger,
  CreatedJob,
  InvoiceOnWire,
  JobView,
  PayoutOnWire,
  PricingBreakdown,
  RefundAnswer,
} from "~/modules/jobs/job-schema";
import type { AppErrorCode } from "./app-error";
import { fixedPaths } from "./openapi-fixed-paths";
import { problemResponses } from "./openapi-problems";
import { type RestProcedure, restProcedures } from "./rest";

/** What any call may answer. */
const ANY: readonly AppErrorCode[] = [
  "invalidRequest",
  "nostrTokenInvalid",
  "nostrTokenExpired",
  "nostrEventInvalid",
  "nostrCredentialsDiffer",
  "databaseDown",
  "internal",
];
const WITH_BODY: readonly AppErrorCode[] = ["malformedJson", "unsupportedMediaType", "bodyTooLarge"];
const IDEMPOTENT: readonly AppErrorCode[] = ["idempotencyKeyUnusable", "idempotencyKeyReused"];

const IdempotencyKey = z.string().min(1).max(255).optional().meta({
  description:
    "The same key and body get the same answer for 24 hours, whatever happened to the connection. Without a credential at least 22 characters, so take a random one.",
  example: "5b0c8c6e-6f0e-4f5e-9d0a-0c9a8d1a2b3c",
});
const NostrToken = z.string().optional().meta({ description: "Instead of the header `X-Nostr-Token`" });
const RefundTokenHeader = z.string().optional().meta({ description: "Instead of the field `refundToken`" });

/** OpenAPI 3.1 of everything below /api, made from the procedures' own schemas and the map of errors. */
export function openApiDocument(): oas31.OpenAPIObject {
  const paths: ZodOpenApiPathsObject = { ...fixedPaths };
  for (const rest of restProcedures) {
    const path = `/api${rest.meta.path}`;
    paths[path] = { ...paths[path], [rest.meta.method.toLowerCase()]: operationOf(rest) };
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Timmy's Workshop",
      version: "1",
      description:
        "Hire an AI agent with Bitcoin over Lightning: no account, no card. Amounts are whole sats. Errors are problem documents (RFC 9457) with a stable `code`.",
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      securitySchemes: {
        nostrToken: {
          type: "apiKey",
          in: "header",
          name: "X-Nostr-Token",
          description: "From `POST /api/identity/verify`. One that is not good is refused, never ignored.",
        },
        nostrEvent: {
          type: "http",
          scheme: "Nostr",
          description: "A call signed by itself (NIP-98): an event of kind 27235 as JSON in base64, good once.",
        },
      },
      schemas: {
        JobView,
        CreatedJob,
        Invoice: InvoiceOnWire,
        PricingBreakdown,
        CostLedger,
        Payout: PayoutOnWire,
        RefundAnswer,
      },
    },
  });
}

function operationOf({ name, procedure, meta }: RestProcedure): ZodOpenApiOperationObject {
  const { inputs, output } = procedure._def as unknown as { inputs: z.ZodObject[]; output: z.ZodType };
  const shape: Record<string, z.ZodType> = Object.assign({}, ...inputs.map((input) => input.shape));
  const inPath = [...meta.path.matchAll(/\{(\w+)\}/g)].map(([, param]) => param as string);
  const pathShape = pick(shape, (key) => inPath.includes(key));
  const restShape = pick(shape, (key) => !inPath.includes(key));
  const bodyShape = { ...restShape, nostr_token: NostrToken };
  const takesBody = meta.method !== "GET" && Object.keys(restShape).length > 0;
  const headers = {
    ...(meta.idempotent && { "Idempotency-Key": IdempotencyKey }),
    ...(meta.refundToken && { "X-Refund-Token": RefundTokenHeader }),
  };
  const codes = [...meta.problems, ...ANY, ...(takesBody ? WITH_BODY : []), ...(meta.idempotent ? IDEMPOTENT : [])];
  return {
    operationId: name,
    tags: [meta.tag],
    summary: meta.summary,
    security: meta.login ? PROOFS : [{}, ...PROOFS],
    requestParams: {
      path: z.object(pathShape),
      header: z.object(headers),
      ...(meta.method === "GET" && { query: z.object(restShape) }),
    },
    ...(takesBody && { requestBody: { content: { "application/json": { schema: z.object(bodyShape) } } } }),
    responses: {
      [`${meta.status ?? 200}`]: { description: "Done", content: { "application/json": { schema: output } } },
      ...problemResponses(codes),
    },
  };
}

/** Either will do. */
const PROOFS = [{ nostrToken: [] }, { nostrEvent: [] }];

const pick = (shape: Record<string, z.ZodType>, wanted: (key: string) => boolean): Record<string, z.ZodType> =>
  Object.fromEntries(Object.entries(shape).filter(([key]) => wanted(key)));
