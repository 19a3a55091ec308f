import { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import { problemResponses } from "./openapi-problems";

const Hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: "64 hex digits" });
const json = (schema: z.ZodType) => ({ "application/json": { schema } });
const Checks = z.object({
  status: z.string(),
  checks: z.object({ database: z.boolean(), queue: z.boolean(), wallet: z.boolean(), pages: z.boolean() }),
});
const toWorkshop = {
  get: {
    tags: ["Server"],
    summary: "To the workshop",
    responses: { "302": { description: "The workshop is at /", headers: z.object({ Location: z.string() }) } },
  },
};

/** The routes that are no procedures. The webhook is between the wallet and us, so it is not among them. */
export const fixedPaths: ZodOpenApiPathsObject = {
  "/api": toWorkshop,
  "/api/ui": toWorkshop,
  "/api/healthz": {
    get: {
      tags: ["Server"],
      summary: "Alive, and which parts are simulated",
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
      tags: ["Server"],
      summary: "Whether every part that a ready server needs answers",
      responses: {
        "200": { description: "Ready", content: json(Checks) },
        "503": { description: "Not ready: `checks` says which part is not", content: json(Checks) },
      },
    },
  },
  "/api/openapi.json": {
    get: {
      tags: ["Server"],
      summary: "This document",
      responses: { "200": { description: "OpenAPI 3.1", content: json(z.looseObject({ openapi: z.string() })) } },
    },
  },
  "/api/lnurl/withdraw": {
    get: {
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
          description: "What the code is good for, `OK`, or an error with its reason",
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
      tags: ["Development"],
      summary: "Pays an open invoice of this server; only there with the simulated wallet, or where it was turned on",
      requestParams: { path: z.object({ paymentHash: Hash }) },
      responses: {
        "200": { description: "Paid", content: json(z.object({ paymentHash: Hash, preimage: Hash })) },
        ...problemResponses(["crossSiteRefused", "routeNotFound", "invoiceNotPayable", "walletDown"]),
      },
    },
  },
};
