import { AppFailure } from "./failure";
import { refuseOtherSites } from "./other-sites";
import { sameText } from "./same-text";
import { type Context, once, procedure, unwrap } from "./trpc";

/**
 * Lets the operator in, and nobody else; throws what everybody else is told. A browser sends Basic credentials by
 * itself, from other sites' forms too, so they are good for reading only.
 */
export async function admitOperator(ctx: Context, may: "read" | "act"): Promise<void> {
  refuseOtherSites(ctx.header("sec-fetch-site"));
  const brought = tokenIn(ctx.header("authorization"), may);
  if (brought === null) throw new AppFailure({ code: "operatorTokenWrong" });
  const { operatorTries, settings } = ctx.container;
  const client = ctx.clientKey();
  unwrap(await operatorTries.allowed(client));
  if (sameText(brought, settings.adminToken)) return;
  await operatorTries.failed(client);
  throw new AppFailure({ code: "operatorTokenWrong" });
}

/** What was brought as the token: by Bearer, or as the password of Basic (RFC 7617), whatever the name. */
function tokenIn(authorization: string | null, may: "read" | "act"): string | null {
  const [, scheme = "", credential = ""] = /^(\w+)\s+(.*\S)\s*$/.exec(authorization ?? "") ?? [];
  if (/^bearer$/i.test(scheme)) return credential;
  if (may === "act" || !/^basic$/i.test(scheme)) return null;
  const pair = Buffer.from(credential, "base64").toString("utf8");
  return pair.includes(":") ? pair.slice(pair.indexOf(":") + 1) : null;
}

/** For the operator, to read. */
export const operatorProcedure = procedure.use(async ({ ctx, next }) => {
  await admitOperator(ctx, "read");
  return next();
});

/** For the operator, to act; once for its `Idempotency-Key`. */
export const operatorAct = procedure
  .use(async ({ ctx, next }) => {
    await admitOperator(ctx, "act");
    return next();
  })
  .use(once);
