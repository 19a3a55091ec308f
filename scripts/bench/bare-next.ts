import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join, parse } from "node:path";
import { cleanEnv } from "../steps/clean-env.mjs";
import { inRoot } from "../steps/root.mjs";
import { runStep } from "../steps/run-step.mjs";
import type { Bench } from "./bench";
import { type Child, startChild } from "./child";

const ROUTE = `export const dynamic = "force-dynamic";
export const GET = () => Response.json({ answer: 42 });
`;
const LAYOUT = `export default function Layout({ children }) {
  return <html lang="en"><body>{children}</body></html>;
}
`;

export const BARE_ROUTE = "/api/constant";

/** The least that Next can be: one route handler that answers a constant, built and started as Next's own manual says. */
export async function startBareNext({ folder }: Bench): Promise<Child & { url: string }> {
  const app = join(folder, "bare-next");
  const next = inRoot("node_modules", "next", "dist", "bin", "next");
  const env = cleanEnv({ NEXT_TELEMETRY_DISABLED: "1" });
  await mkdir(join(app, "app", "api", "constant"), { recursive: true });
  await symlink(inRoot("node_modules"), join(app, "node_modules"), "junction");
  await writeFile(join(app, "package.json"), JSON.stringify({ private: true, type: "module" }));
  // The packages are elsewhere: above both there is but the root.
  await writeFile(
    join(app, "next.config.mjs"),
    `export default { turbopack: { root: ${JSON.stringify(parse(app).root)} } };`,
  );
  await writeFile(join(app, "app", "layout.js"), LAYOUT);
  await writeFile(join(app, "app", "api", "constant", "route.js"), ROUTE);
  await runStep(process.execPath, [next, "build", app], { env });
  const child = await startChild([process.execPath, next, "start", "-p", "0", "-H", "127.0.0.1", app], {
    env,
    awaited: /Local:\s+(http:\S+)/,
  });
  return { ...child, url: child.match[1] ?? "" };
}
