import { z } from "zod";
import { err, ok, type Result } from "~/core/result";

/** For the log: what kind of failure, never what the server said. */
type PriceFailure = { detail: string };

/** Outside of these bounds it is a mistake, not a price. */
const LOWEST_USD = 1_000;
const HIGHEST_USD = 10_000_000;

const shape = z.object({ bitcoin: z.object({ usd: z.number() }) });

/** One look at CoinGecko's simple price (API v3): USD for one bitcoin. */
export async function fetchPrice(baseUrl: string, signal: AbortSignal): Promise<Result<number, PriceFailure>> {
  try {
    const reply = await fetch(`${baseUrl}/api/v3/simple/price?ids=bitcoin&vs_currencies=usd`, {
      headers: { accept: "application/json" },
      signal,
    });
    // A body that nobody reads would keep its connection.
    if (!reply.ok) await reply.body?.cancel();
    if (!reply.ok) return err({ detail: `status ${reply.status}` });
    const parsed = shape.safeParse(await reply.json());
    if (!parsed.success) return err({ detail: "the answer is not of its form" });
    const { usd } = parsed.data.bitcoin;
    return usd >= LOWEST_USD && usd <= HIGHEST_USD ? ok(usd) : err({ detail: `out of bounds: ${usd}` });
  } catch (error) {
    if (signal.aborted) return err({ detail: "no answer in time" });
    return err({ detail: error instanceof SyntaxError ? "the answer is not JSON" : "no connection" });
  }
}
