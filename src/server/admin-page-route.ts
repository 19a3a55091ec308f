import { statusPage } from "./admin-page";
import type { Answers } from "./answer";
import { type CallDeps, contextOf } from "./call-context";
import type { FixedRoute } from "./fixed-routes";
import { admitOperator } from "./operator-auth";

/** The operator's status for a browser that asks for name and password. */
export function adminPageRoute(deps: CallDeps, answer: Answers): FixedRoute {
  return {
    method: "GET",
    path: "/api/admin/node-status/html",
    async handler(c) {
      await admitOperator(contextOf(deps, c.req.raw, c.req.path, "", c.env), "read");
      const { html, style } = statusPage(await deps.container.operatorStatus());
      return answer.page(html, style);
    },
  };
}
