import { createdJob, toClaimable } from "./job-producers";
import type { Stage } from "./stage";

const UNKNOWN_HASH = "ab".repeat(32);
const get = (path: string) => async (stage: Stage) => void (await stage.call("GET", path));

export const serverProducers = {
  home: get("/api"),
  ui: get("/api/ui"),
  healthz: get("/api/healthz"),
  openapi: get("/api/openapi.json"),
  testkit: get("/api/testkit"),

  async readyz({ call, unready }: Stage) {
    await call("GET", "/api/readyz");
    await unready("GET", "/api/readyz");
  },

  async metrics({ call, guarded }: Stage) {
    await call("GET", "/api/metrics");
    await guarded("GET", "/api/metrics");
  },

  async "lnurl.withdraw"(stage: Stage) {
    const { call } = stage;
    const { jobId, refundToken } = await toClaimable(stage);
    const { json } = await call("POST", `/api/jobs/${jobId}/refund`, { body: { refundToken, lnurl: true } });
    const { k1Of } = await import("../withdraw-code");
    const path = `/api/lnurl/withdraw?k1=${k1Of(String(json.lnurl))}`;
    const { json: offer } = await call("GET", path);
    await call("GET", `${path}&pr=lnbc1nonsense`);
    const amountSats = Number(offer.maxWithdrawable) / 1000;
    const { json: invoice } = await call("POST", "/api/dev/stub/invoice", { body: { amountSats } });
    await call("GET", `${path}&pr=${invoice.paymentRequest}`);
  },

  async "dev.pay"(stage: Stage) {
    const { paymentHash } = (await createdJob(stage)).evalInvoice;
    await stage.call("POST", `/api/dev/stub/pay/${paymentHash}`);
    await stage.call("POST", `/api/dev/stub/pay/${UNKNOWN_HASH}`);
  },

  async "dev.invoice"({ call }: Stage) {
    await call("POST", "/api/dev/stub/invoice", { body: { amountSats: 5 } });
    await call("POST", "/api/dev/stub/invoice", { body: { amountSats: -1 } });
  },

  async estimate({ call }: Stage) {
    await call("GET", "/api/estimate?request=A+haiku");
  },

  async "pool.report"({ call }: Stage) {
    await call("GET", "/api/pool?days=3");
    await call("GET", "/api/pool?days=0");
  },

  async "pool.grants"({ call }: Stage) {
    await call("GET", "/api/pool/grants?limit=1");
    await call("GET", "/api/pool/grants?cursor=x");
  },

  pricing: get("/api/pricing"),

  async demo({ call }: Stage) {
    for (const request of ["A haiku", "[refuse]", "[fail]"]) {
      await call("GET", `/api/demo?${new URLSearchParams({ request })}`);
    }
  },
};
