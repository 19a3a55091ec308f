type SeedFile = { path: string; text: string };
/** A break of one rule, which is to be reported against `from`. */
export type Seed = { rule: string; from: string; files: readonly SeedFile[] };

const file = (path: string, ...lines: string[]): SeedFile => ({ path, text: `${lines.join("\n")}\n` });
/** Runs the imported file. */
const runs = (...paths: string[]) => paths.map((path) => `import "${path}";`).join("\n");
/** Knows a type of the imported file and runs nothing of it. */
const knows = (path: string, as = "Known") =>
  `import type { x as ${as}X } from "${path}";\nexport type ${as} = typeof ${as}X;`;
const X = "export const x = 1;";

const PACKAGES = ["@prisma/client", "@trpc/server", "zod", "pg"];
const PACKAGE_FILES = PACKAGES.flatMap((name) => [
  file(`node_modules/${name}/package.json`, `{ "name": "${name}", "version": "1.0.0", "main": "index.js" }`),
  file(`node_modules/${name}/index.js`, X),
]);

/** A house in order: what is allowed, above all where it looks nearly forbidden. */
export const HOUSE: readonly SeedFile[] = [
  file(
    "package.json",
    JSON.stringify({ type: "module", dependencies: Object.fromEntries(PACKAGES.map((p) => [p, "1"])) }),
  ),
  ...PACKAGE_FILES,
  file("src/core/money.ts", X),
  file("src/core/result.ts", runs("~/core/money"), X),
  file("src/ports/wallet.ts", knows("~/core/money")),
  file("src/adapters/lnbits.ts", runs("node:crypto", "zod", "~/ports/wallet", "~/core/result"), X),
  file("src/db/generated/client.ts", runs("@prisma/client"), X),
  file("src/db/client.ts", runs("@prisma/client", "~/db/generated/client"), X),
  file("src/db/simulated-wallet-store.ts", runs("~/db/client"), knows("~/adapters/lnbits"), X),
  file("src/modules/ledger/ledger.ts", runs("~/core/money"), X),
  file("src/modules/ledger/ledger-store.ts", runs("~/db/client", "@prisma/client", "./ledger"), X),
  file("src/modules/ledger/ledger-service.ts", runs("./ledger-store", "~/ports/wallet"), knows("~/db/client"), X),
  file("src/modules/payouts/payout-service.ts", runs("~/modules/ledger/ledger-service"), X),
  file("src/modules/jobs/job.ts", runs("~/core/result", "./job-text-limits"), X),
  file("src/modules/jobs/job-text-limits.ts", X),
  file("src/modules/jobs/job-schema.ts", runs("zod", "./job"), X),
  file("src/modules/jobs/job-store.ts", runs("~/db/client"), X),
  file("src/modules/jobs/job-step.ts", runs("./job-store", "./job", "~/ports/wallet"), X),
  file(
    "src/modules/jobs/job-service.ts",
    runs("./job-store", "./job-step", "~/modules/payouts/payout-service", "node:crypto"),
    X,
  ),
  file("src/modules/jobs/job-service.test.ts", runs("./job-service", "~/testing/database", "~/server/container")),
  file("src/modules/jobs/job-router.ts", runs("@trpc/server", "~/server/trpc", "./job-schema"), X),
  file("src/modules/jobs/job-tasks.ts", runs("./job-service"), X),
  file("src/modules/sessions/session-service.ts", runs("~/modules/jobs/job", "~/modules/jobs/job-service"), X),
  file("src/server/env.ts", "export const x = process.env.PORT;"),
  file("src/server/trpc.ts", runs("@trpc/server"), knows("~/modules/jobs/job-service")),
  file("src/server/services.ts", runs("~/db/client", "~/modules/jobs/job-service"), X),
  file("src/server/container.ts", runs("~/adapters/lnbits", "~/db/client", "./services"), X),
  file("src/server/face.ts", runs("~/server/container"), X),
  file("src/worker/main.ts", runs("~/server/container", "~/db/client", "~/modules/jobs/job-tasks")),
  file("src/ui/job-card.tsx", runs("~/core/money", "~/modules/jobs/job-schema"), knows("~/server/trpc"), X),
  file("src/app/page.tsx", runs("~/ui/job-card", "~/server/face")),
  file("src/testing/database.ts", runs("~/db/client"), X),
  file("scripts/demo.ts", runs("~/server/container", "~/db/client")),
  file("scripts/demo/outside-wallet.ts", runs("~/adapters/lnbits")),
  file("e2e/paid-job.ts", runs("~/testing/database")),
];

/** The breaking file alone; what it imports stands in the house. */
export const seed = (rule: string, from: string, ...lines: string[]): Seed => ({
  rule,
  from,
  files: [file(from, ...lines)],
});

export const WALL_SEEDS: readonly Seed[] = [
  {
    rule: "no-cycles",
    from: "src/ui/egg.ts",
    files: [file("src/ui/hen.ts", knows("./egg"), X), file("src/ui/egg.ts", knows("./hen"), X)],
  },
  seed("everything-resolves", "src/ui/lost.ts", runs("~/ui/nowhere")),
  seed("core-stands-alone", "src/core/reads-files.ts", runs("node:fs")),
  seed("core-stands-alone", "src/core/uses-package.ts", runs("zod")),
  seed("core-stands-alone", "src/core/knows-port.ts", knows("~/ports/wallet")),
  seed("domain-is-pure", "src/modules/jobs/random.ts", runs("node:crypto")),
  {
    rule: "domain-is-pure",
    from: "src/modules/jobs/text.ts",
    files: [
      file("src/modules/jobs/text.ts", runs("./text-parsing")),
      file("src/modules/jobs/text-parsing.ts", runs("zod"), X),
    ],
  },
  seed("domain-is-pure", "src/modules/jobs/stored.ts", knows("./job-store")),
  seed("schemas-are-browser-safe", "src/modules/jobs/file-schema.ts", runs("node:fs")),
  seed("schemas-are-browser-safe", "src/modules/jobs/row-schema.ts", runs("./job-store")),
  seed("ports-know-core-only", "src/ports/generous.ts", knows("~/modules/jobs/job")),
  seed("ports-know-core-only", "src/ports/packaged.ts", runs("pg")),
  seed("adapters-know-ports-only", "src/adapters/knows-business.ts", knows("~/modules/jobs/job")),
  seed("adapters-know-ports-only", "src/adapters/keeps-rows.ts", runs("~/db/client")),
  seed("only-the-container-picks-adapters", "src/server/picks.ts", runs("~/adapters/lnbits")),
  seed("only-the-container-picks-adapters", "src/server/services-elsewhere.ts", knows("~/adapters/lnbits")),
  seed("only-the-container-picks-adapters", "scripts/books.ts", runs("~/adapters/lnbits")),
  seed("only-the-container-picks-adapters", "src/modules/jobs/picking-service.ts", knows("~/adapters/lnbits")),
  seed("db-runs-no-adapter", "src/db/pays.ts", runs("~/adapters/lnbits")),
  seed("db-knows-no-business", "src/db/knows-jobs.ts", knows("~/modules/jobs/job")),
  seed("only-stores-touch-prisma", "src/modules/jobs/query-service.ts", runs("@prisma/client")),
  seed("only-stores-touch-prisma", "src/server/query.ts", runs("~/db/generated/client")),
  seed("only-stores-touch-the-database", "src/modules/jobs/reading-service.ts", runs("~/db/client")),
  seed("only-stores-touch-the-database", "src/worker/reads.ts", runs("~/db/client")),
  seed("money-knows-no-order", "src/modules/ledger/crediting-service.ts", runs("~/modules/jobs/job-service")),
  seed("money-knows-no-order", "src/modules/payouts/order.ts", knows("~/modules/jobs/job")),
  seed("modules-meet-at-their-faces", "src/modules/sessions/peek-store.ts", runs("~/modules/jobs/job-store")),
  seed("modules-meet-at-their-faces", "src/modules/sessions/depth.ts", runs("~/modules/jobs/job-text-limits")),
  seed("modules-know-no-surface", "src/modules/jobs/page-service.ts", knows("~/server/env")),
  seed("modules-know-no-surface", "src/modules/jobs/view-service.ts", runs("~/ui/job-card")),
  seed("only-routers-know-trpc", "src/modules/jobs/throwing-service.ts", runs("~/server/trpc")),
  seed("only-routers-know-trpc", "src/modules/jobs/coded-service.ts", runs("@trpc/server")),
  seed("ui-sees-schemas-and-types", "src/ui/serves.tsx", runs("~/server/container")),
  seed("ui-sees-schemas-and-types", "src/ui/transitions.tsx", runs("~/modules/jobs/job")),
  seed("ui-runs-in-a-browser", "src/ui/reads.tsx", runs("node:fs")),
  seed("app-is-a-shim", "src/app/wired.ts", runs("~/server/container")),
  seed("app-is-a-shim", "src/app/served.ts", runs("~/modules/jobs/job-service")),
  seed("nobody-imports-a-page", "src/ui/paged.tsx", runs("~/app/page")),
  seed("production-knows-no-test", "src/server/harness.ts", runs("~/testing/database")),
  seed("production-knows-no-test", "src/worker/tests.ts", runs("~/modules/jobs/job-service.test")),
  { rule: "folders-have-an-owner", from: "src/server/utils", files: [file("src/server/utils/text.ts", X)] },
  // The cruiser never looks into such a folder, as it would not into one that its settings leave out by mistake.
  seed("every-file-is-cruised", "src/server/node_modules/unread.ts", X),
];
