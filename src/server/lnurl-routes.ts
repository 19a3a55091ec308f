import { z } from "zod";
import type { Answers } from "./answer";
import { type CallDeps, contextOf } from "./call-context";
import { appErrorOf } from "./failure";
import type { FixedRoute, HandlerContext } from "./fixed-routes";

const K1 = z.string().regex(/^[0-9a-f]{64}$/);
const MAX_INVOICE = 4096;

/** LUD-03, both steps at one address: without `pr` what the code is good for, with it the claim. */
export function lnurl(deps: CallDeps, answer: Answers): FixedRoute[] {
  const { withdraw, log } = deps.container;

  async function offer(k1: string, c: HandlerContext): Promise<object> {
    const offered = await withdraw.offer(k1);
    if (!offered.ok) return refusal(offered.error.reason);
    const { amountMsat, description } = offered.value;
    return {
      tag: "withdrawRequest",
      callback: `${contextOf(deps, c.req.raw, c.req.path, "", c.env).origin()}${WITHDRAW_PATH}`,
      k1,
      defaultDescription: description,
      minWithdrawable: amountMsat,
      maxWithdrawable: amountMsat,
    };
  }

  async function claim(k1: string, paymentRequest: string): Promise<object> {
    if (paymentRequest.length > MAX_INVOICE) return refusal("The invoice is too long.");
    const claimed = await withdraw.claim(k1, paymentRequest);
    return claimed.ok ? { status: "OK" } : refusal(claimed.error.reason);
  }

  async function answerTo(c: HandlerContext): Promise<object> {
    const k1 = K1.safeParse(c.req.query("k1"));
    if (!k1.success) return refusal("This is not one of our withdraw codes.");
    const paymentRequest = c.req.query("pr");
    return paymentRequest === undefined ? offer(k1.data, c) : claim(k1.data, paymentRequest);
  }

  return [
    {
      method: "GET",
      path: WITHDRAW_PATH,
      async handler(c) {
        try {
          return answer.json(200, await answerTo(c));
        } catch (error) {
          appErrorOf(error, log);
          return answer.json(200, refusal("Something went wrong on our side: try again in a moment."));
        }
      },
    },
  ];
}

const WITHDRAW_PATH = "/api/lnurl/withdraw";
/** Whatever goes wrong, a wallet gets it so, with status 200 (LUD-03). */
const refusal = (reason: string) => ({ status: "ERROR", reason });
