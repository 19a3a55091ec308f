import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Answers } from "./answer";
import { type CallDeps, contextOf } from "./call-context";
import type { FixedRoute } from "./fixed-routes";

/** The parts of the script, in their order. They are data: they stand in the checkout that the app runs in. */
const PARTS = [
  "head",
  "server",
  "errors",
  "estimate",
  "demo",
  "jobs",
  "sessions",
  "l402",
  "bootstrap",
  "identity",
  "tail",
];
const FOLDER = ["src", "server", "testkit"];

let parts: string | undefined;
const script = (): string => {
  parts ??= PARTS.map((part) => readFileSync(join(process.cwd(), ...FOLDER, `${part}.sh`), "utf8")).join("");
  return parts;
};

/** The script that tests the server at this address. */
export const testkit = (base: string): string => script().replace("'@BASE@'", () => quoted(base));

/** Whatever stands between single quotes is text to a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A script that tests the very server that served it. */
export function testkitRoute(deps: CallDeps, answer: Answers): FixedRoute {
  return {
    method: "GET",
    path: "/api/testkit",
    handler(c) {
      const { origin } = contextOf(deps, c.req.raw, c.req.path, "", c.env);
      return answer.text(200, testkit(origin()), "text/plain; charset=utf-8");
    },
  };
}
