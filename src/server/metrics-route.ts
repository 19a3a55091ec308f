import type { Answers } from "./answer";
import type { CallDeps } from "./call-context";
import { AppFailure } from "./failure";
import type { FixedRoute } from "./fixed-routes";
import type { Metrics } from "./metrics";
import { sameText } from "./same-text";

/** The metrics for Prometheus: for anybody, or only for callers who send METRICS_TOKEN. */
export function metricsRoute({ container }: CallDeps, answer: Answers, metrics: Metrics): FixedRoute {
  const { metricsToken } = container.settings;
  return {
    method: "GET",
    path: "/api/metrics",
    async handler(c) {
      const [, brought = ""] = /^Bearer\s+(\S+)$/i.exec(c.req.header("authorization") ?? "") ?? [];
      if (metricsToken !== null && !sameText(brought, metricsToken))
        throw new AppFailure({ code: "metricsTokenWrong" });
      return answer.text(200, await metrics.text(), metrics.contentType);
    },
  };
}
