/**
 * `npm run testkit -- --base http://localhost:3000`: runs the script that the server at that address gives out, with a
 * key that signs, so that a login is tested too. Its exit code says what was found.
 */
import { parseArgs } from "node:util";
import { runTestkit, signing, testkitOf } from "./testkit/run-testkit";

const { values } = parseArgs({ options: { base: { type: "string", default: "http://localhost:3000" } } });
try {
  const script = await testkitOf(values.base.replace(/\/+$/, ""));
  process.exitCode = (await runTestkit(script, signing(), console.log)).code;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
