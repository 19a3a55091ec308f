import { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import { PlayInvoice } from "./fixed-routes";
import { headersOfAnswer, problemResponses } from "./openapi-problems";

const Hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: "64 hex digits" });
const json = (schema: z.ZodType) => ({ "application/json": { schema } });
const Checks = z.object({
  status: z.string(),
  checks: z.object({ database: z.boolean(), queue: z.boolean(), wallet: z.boolean(), pages: z.boolean() }),
});
const toWorkshop = (operationId: string) => ({
  get: {
    operationId,
    tags: ["Server"],
    summary: "To the workshop",
    responses: { "302": { description: "The workshop is at /", headers: headersOfAnswer(["Location"]) } },
  },
});
/** What may go wrong wherever something is looked up. */
const OURS = ["databaseDown", "internal"] as const;

/** The routes that are no procedures. The webhook is between the wallet and us, so it is not among them. */
export const fixedPaths: ZodOpenApiPathsObject = {
  "/api": toWorkshop("home"),
  "/api/ui": toWorkshop("ui"),
  "/api/healthz": {
    get: {
      operationId: "healthz",
      tags: ["Server"],
      summary: "Whether the server is alive, and which parts are simulated",
      responses: {
        "200": {
          description: "Alive",
          content: json(z.object({ status: z.literal("ok"), simulated: z.array(z.string()) })),
        },
      },
    },
  },
  "/api/readyz": {
    get: {
      operationId: "readyz",
      tags: ["Server"],
      summary: "Whether every part answers that a ready server needs",
      responses: {
        "200": { description: "Ready", content: json(Checks) },
        "503": { description: "Not ready: `checks` says which part is not", content: json(Checks) },
      },
    },
  },
  "/api/metrics": {
    get: {
      operationId: "metrics",
      tags: ["Server"],
      summary: "Metrics for Prometheus; where `METRICS_TOKEN` is set, only for callers who send it",
      security: [{}, { metricsToken: [] }],
      responses: {
        "200": {
          description: "Prometheus' text format",
          content: {
            "text/plain; version=0.0.4; charset=utf-8": {
              schema: z
                .string()
                .meta({ example: "# TYPE timmy_pool_balance_sats gauge\ntimmy_pool_balance_sats 10000\n" }),
            },
          },
        },
        ...problemResponses(["metricsTokenWrong", ...OURS]),
      },
    },
  },
  "/api/admin/node-status/html": {
    get: {
      operationId: "admin.nodeStatusPage",
      tags: ["Operator"],
      summary: "The same as a page without scripts, to be read in a browser",
      security: [{ operatorToken: [] }, { operatorPassword: [] }],
      responses: {
        "200": {
          description: "A page",
          content: {
            "text/html; charset=utf-8": { schema: z.string().meta({ example: "<!doctype html>" }) },
          },
        },
        ...problemResponses(["crossSiteRefused", "operatorTokenWrong", "tooManyRequests", ...OURS]),
      },
    },
  },
  "/api/testkit": {
    get: {
      operationId: "testkit",
      tags: ["Server"],
      summary: "A shell script (POSIX sh and curl) that tests this very server; its exit code says what it found",
      responses: {
        "200": {
          description: "`curl -fsS …/api/testkit | sh`",
          content: {
            "text/plain; charset=utf-8": { schema: z.string().meta({ example: "#!/bin/sh\n" }) },
          },
        },
      },
    },
  },
  "/api/openapi.json": {
    get: {
      operationId: "openapi",
      tags: ["Server"],
      summary: "This document",
      responses: { "200": { description: "OpenAPI 3.1", content: json(z.looseObject({ openapi: z.string() })) } },
    },
  },
  "/api/lnurl/withdraw": {
    get: {
      operationId: "lnurl.withdraw",
      tags: ["Jobs"],
      summary: "LNURL-withdraw (LUD-03): for wallets that scanned a withdraw code",
      requestParams: {
        query: z.object({
          k1: Hash,
          pr: z.string().optional().meta({ description: "In the second step: the invoice to pay" }),
        }),
      },
      responses: {
        "200": {
          description: "What the code is worth, `OK`, or an error with its reason",
          content: json(
            z.union([
              z.object({
                tag: z.literal("withdrawRequest"),
                callback: z.url(),
                k1: Hash,
                defaultDescription: z.string(),
                minWithdrawable: z.int().meta({ description: "msat" }),
                maxWithdrawable: z.int().meta({ description: "msat" }),
              }),
              z.object({ status: z.literal("OK") }),
              z.object({ status: z.literal("ERROR"), reason: z.string() }),
            ]),
          ),
        },
      },
    },
  },
  "/api/dev/stub/pay/{paymentHash}": {
    post: {
      operationId: "dev.pay",
      tags: ["Development"],
      summary: "Pays an open invoice of this server; exists only with the simulated wallet, or where it is turned on",
      requestParams: { path: z.object({ paymentHash: Hash }) },
      responses: {
        "200": { description: "Paid", content: json(z.object({ paymentHash: Hash, preimage: Hash })) },
        ...problemResponses(["crossSiteRefused", "routeNotFound", "invoiceNotPayable", "walletDown", ...OURS]),
      },
    },
  },
  "/api/dev/stub/invoice": {
    post: {
      operationId: "dev.invoice",
      tags: ["Development"],
      summary: "An invoice of a play wallet, to claim change with; exists only with the simulated wallet",
      requestBody: { required: true, content: json(PlayInvoice) },
      responses: {
        "201": { description: "Made", content: json(z.object({ paymentRequest: z.string() })) },
        ...problemResponses([
          "crossSiteRefused",
          "routeNotFound",
          "invalidRequest",
          "malformedJson",
          "unsupportedMediaType",
          "bodyTooLarge",
        ]),
      },
    },
  },
};
