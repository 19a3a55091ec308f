import type { Context as HonoContext } from "hono";
import { z } from "zod";
import { sats } from "~/core/money";
import type { Answers } from "./answer";
import type { CallDeps, RequestInfo } from "./call-context";
import type { Readiness } from "./container";
import { AppFailure } from "./failure";
import { faultsOf } from "./input-faults";
import { refuseOtherSites } from "./other-sites";
import { remembered } from "./remembered";
import { jsonObject, readBody } from "./request-body";
import { sameText } from "./same-text";
import { unwrap } from "./trpc";

export type HandlerContext = HonoContext<{ Bindings: RequestInfo }>;
/** A route that is not a procedure, because its protocol is defined elsewhere. */
export type FixedRoute = {
  method: "GET" | "POST";
  path: string;
  handler: (c: HandlerContext) => Response | Promise<Response>;
};

/** Is the process alive, and can it serve? And where a person who opens /api wants to be. */
export function health({ container }: CallDeps, answer: Answers, staysReady = () => true): FixedRoute[] {
  const readiness = remembered(
    () => container.readiness(),
    (checks) => (isReady(checks) ? REMEMBERED_MS.ready : REMEMBERED_MS.notReady),
  );
  const home = () => answer.empty(302, { Location: "/" });
  return [
    { method: "GET", path: "/api", handler: home },
    { method: "GET", path: "/api/ui", handler: home },
    {
      method: "GET",
      path: "/api/healthz",
      handler: () => answer.json(200, { status: "ok", simulated: container.simulated }),
    },
    {
      method: "GET",
      path: "/api/readyz",
      async handler() {
        const checks = { ...(await readiness()), pages: staysReady() };
        const ready = Object.values(checks).every(Boolean);
        return answer.json(ready ? 200 : 503, { status: ready ? "ready" : "not ready", checks });
      },
    },
  ];
}

/** Anybody may ask as often as they like: the wallet and the database are not asked each time. */
const REMEMBERED_MS = { ready: 10_000, notReady: 500 };
const isReady = (checks: Readiness): boolean => Object.values(checks).every(Boolean);

const PaymentHash = z.string().regex(/^[0-9a-f]{64}$/);

/** What a wallet server says unasked: unsigned, so whatever it says, it gets a 200 and is asked itself. */
export function webhooks({ container }: CallDeps, answer: Answers): FixedRoute[] {
  return [
    {
      method: "POST",
      path: "/api/webhooks/lnbits/:secret",
      async handler(c) {
        if (!sameText(c.req.param("secret") ?? "", container.webhookSecret)) {
          throw new AppFailure({ code: "routeNotFound" });
        }
        const body = await readBody(c.req.raw, container.settings.maxBodyBytes);
        container.saw("webhook");
        const hash = container.readWebhook(body);
        if (hash) container.onPaymentHint(hash);
        return answer.json(200, { status: "ok" });
      },
    },
  ];
}

/** Pays an invoice of ours for a developer without a wallet; where that is off, there is nothing here. */
export function dev({ container }: CallDeps, answer: Answers): FixedRoute[] {
  const { devPay } = container;
  if (!devPay) return [];
  return [
    {
      method: "POST",
      path: "/api/dev/stub/pay/:paymentHash",
      async handler(c) {
        refuseOtherSites(c.req.header("sec-fetch-site")); // with a real wallet this moves money
        const hash = PaymentHash.safeParse(c.req.param("paymentHash"));
        if (!hash.success) throw new AppFailure({ code: "invoiceNotPayable" });
        const { preimage } = unwrap(await devPay(hash.data));
        return answer.privateJson(200, { paymentHash: hash.data, preimage });
      },
    },
  ];
}

/** An invoice to claim change with, where all money is play money. */
export function play({ container }: CallDeps, answer: Answers): FixedRoute[] {
  const { playInvoice } = container;
  if (!playInvoice) return [];
  return [
    {
      method: "POST",
      path: "/api/dev/stub/invoice",
      async handler(c) {
        refuseOtherSites(c.req.header("sec-fetch-site"));
        const body = await readBody(c.req.raw, container.settings.maxBodyBytes);
        const wanted = PlayInvoice.safeParse(jsonObject(body, c.req.header("content-type") ?? null));
        if (!wanted.success) throw new AppFailure(faultsOf(wanted.error.issues));
        return answer.privateJson(201, { paymentRequest: playInvoice(sats(wanted.data.amountSats)) });
      },
    },
  ];
}
export const PlayInvoice = z.object({ amountSats: z.int().min(1).max(100_000_000) });
