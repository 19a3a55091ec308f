/**
 * The walls of the house, all errors. Each rule has a seeded break in src/testing/walls.test.ts.
 * Tests may reach into anything, so most rules leave them out; no rule lets production code reach a test.
 */
const TESTS = "\\.test\\.tsx?$|^src/testing/|^e2e/";
/** Kinds of file in a module that are more than domain: they may wait, store and call out. */
const KINDS = "-(store|service|router|tasks|schema)\\.ts$";
/** A domain file has a name of one word: job.ts. Longer names are parts of it, or of a service. */
const DOMAIN = "^src/modules/[^/]+/[a-z]+\\.ts$";
const NO_KIND = `^src/modules/(?!.*${KINDS})`;
/** A module's faces, all that another module may import: x.ts, x-schema.ts, x-service.ts. */
const FACES = [DOMAIN, "^src/modules/[^/]+/[a-z-]+-(schema|service)\\.ts$"];
/** What the browser may run of a module: the shapes of the wire. */
const SCHEMAS = "^src/modules/[^/]+/[a-z-]+-schema\\.ts$";
/** Where the parts are put together: the container, the services beside it, and the mains that open connections. */
const WIRING = "^src/server/(container|services|main)\\.ts$|^src/worker/main\\.ts$";
/** Harnesses that play the world outside: another wallet that is paid, a visitor, a model's server. */
const OUTSIDERS = "^scripts/(demo|bench|crash)/";
/** The one file of the server that Next's pages and route handlers may run. */
const SERVER_FACE = "^src/server/face\\.ts$";
/** Vanishes when compiled: nothing of the imported file runs. */
const TYPE_ONLY = ["type-only", "type-import"];

const fail = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

module.exports = {
  forbidden: [
    // A cycle of types is a cycle too: neither file can be understood, moved or tested without the other.
    fail("no-cycles", "Two files that need each other are one thing, or lack a third.", {}, { circular: true }),
    fail(
      "everything-resolves",
      "What cannot be resolved escapes every other rule.",
      {},
      {
        couldNotResolve: true,
        // The start imports what it has just built.
        pathNot: "^(\\.\\./)?dist/",
      },
    ),
    fail(
      "core-stands-alone",
      "core imports nothing.",
      { path: "^src/core/", pathNot: TESTS },
      { path: ".", pathNot: "^src/core/" },
    ),
    fail(
      "domain-is-pure",
      "A domain file and all that it reaches: no clock, no randomness, no I/O, no package. Time and ids come in as arguments.",
      { path: DOMAIN },
      { path: ".", pathNot: ["^src/core/", NO_KIND], reachable: true },
    ),
    fail(
      "schemas-are-browser-safe",
      "A wire schema needs zod, core, domain files and other schemas, and nothing that a browser cannot load.",
      { path: SCHEMAS },
      { path: ".", pathNot: ["^src/core/", SCHEMAS, NO_KIND, "^node_modules/zod/"] },
    ),
    fail(
      "ports-know-core-only",
      "A port is an interface in domain words.",
      { path: "^src/ports/", pathNot: TESTS },
      { path: ".", pathNot: "^src/(core|ports)/" },
    ),
    fail(
      "adapters-know-ports-only",
      "What an adapter keeps, it keeps in a store that it is given.",
      { path: "^src/adapters/", pathNot: TESTS },
      { path: "^(src|scripts)/", pathNot: "^src/(core|ports|adapters)/" },
    ),
    fail(
      "only-the-container-picks-adapters",
      "Everybody else speaks to a port. A store made for an adapter may name its types.",
      { pathNot: ["^src/adapters/", "^src/server/container\\.ts$", "^src/db/", OUTSIDERS, TESTS] },
      { path: "^src/adapters/" },
    ),
    fail(
      "db-runs-no-adapter",
      "A store made for an adapter may name its types, and run nothing of it.",
      { path: "^src/db/", pathNot: TESTS },
      { path: "^src/adapters/", dependencyTypesNot: TYPE_ONLY },
    ),
    fail(
      "db-knows-no-business",
      "The database layer stands below the modules.",
      { path: "^src/db/", pathNot: TESTS },
      { path: "^(src|scripts)/", pathNot: "^src/(core|ports|adapters|db)/" },
    ),
    fail(
      "only-stores-touch-prisma",
      "SQL and Prisma live in stores and in db/.",
      { pathNot: ["-store\\.ts$", "^src/db/", "^prisma\\.config\\.ts$", TESTS] },
      { path: "(^|/)@?prisma/|^@prisma|^src/db/generated/", dependencyTypesNot: TYPE_ONLY },
    ),
    fail(
      "only-stores-touch-the-database",
      "Whoever is no store gets a transaction or a service from the container.",
      { pathNot: ["-store\\.ts$", "^src/db/", WIRING, "^scripts/", TESTS] },
      { path: "^src/db/", dependencyTypesNot: TYPE_ONLY },
    ),
    fail(
      "money-knows-no-order",
      "ledger, invoices and payouts serve every kind of order: crediting one is a function passed in.",
      { path: "^src/modules/(ledger|invoices|payouts)/", pathNot: TESTS },
      { path: "^src/modules/", pathNot: "^src/modules/(ledger|invoices|payouts)/" },
    ),
    fail(
      "modules-meet-at-their-faces",
      "Across modules only x.ts, x-schema.ts, x-service.ts.",
      { path: "^src/modules/([^/]+)/", pathNot: TESTS },
      { path: "^src/modules/", pathNot: ["^src/modules/$1/", ...FACES] },
    ),
    fail(
      "modules-know-no-surface",
      "The business runs without HTTP, queue and page. Only a router may know the tRPC builder.",
      { path: "^src/modules/", pathNot: TESTS },
      { path: "^(src/(server|worker|app|ui)|scripts|e2e)/", pathNot: "^src/server/trpc\\.ts$" },
    ),
    fail(
      "only-routers-know-trpc",
      "tRPC is a surface.",
      { path: "^src/modules/", pathNot: ["-router\\.ts$", TESTS] },
      { path: "^src/server/trpc\\.ts$|^node_modules/@trpc/" },
    ),
    fail(
      "ui-sees-schemas-and-types",
      "The browser runs ui, core and wire schemas; of the rest it may know types.",
      { path: "^src/ui/", pathNot: TESTS },
      { path: "^(src|scripts|e2e)/", pathNot: ["^src/(ui|core)/", SCHEMAS], dependencyTypesNot: TYPE_ONLY },
    ),
    fail(
      "ui-runs-in-a-browser",
      "No part of Node in what the browser loads.",
      { path: "^src/ui/", pathNot: TESTS },
      { dependencyTypes: ["core"] },
    ),
    fail(
      "app-is-a-shim",
      "Pages and route handlers only hand on: to ui, to wire schemas, to the server's face.",
      { path: "^src/app/", pathNot: TESTS },
      {
        path: "^(src|scripts|e2e)/",
        pathNot: ["^src/(app|ui|core)/", SCHEMAS, SERVER_FACE],
        dependencyTypesNot: TYPE_ONLY,
      },
    ),
    fail(
      "nobody-imports-a-page",
      "Next calls src/app; nobody else does.",
      { path: "^src/", pathNot: ["^src/app/", TESTS] },
      { path: "^src/app/" },
    ),
    fail(
      "production-knows-no-test",
      "What tests need is not shipped.",
      { path: "^src/", pathNot: TESTS },
      { path: `${TESTS}|^scripts/` },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules|^src/db/generated/" },
    // Of the generated client the edge to it counts, its insides do not; Next writes its own entry types.
    exclude: { path: "^\\.next/|^dist/" },
    enhancedResolveOptions: { conditionNames: ["import", "node", "default", "types"], exportsFields: ["exports"] },
    cache: false,
  },
};
