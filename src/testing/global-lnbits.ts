import type { TestProject } from "vitest/node";
import { type LnbitsAddress, lnbitsServer, removeLeftovers } from "./lnbits-server";

declare module "vitest" {
  export interface ProvidedContext {
    /** The server that all files of the run share, each with wallets of its own. */
    lnbits: LnbitsAddress;
    /** The Python that has LNbits, for a test that needs a server to itself. */
    lnbitsPython: string;
  }
}

/** vitest's globalSetup for the LNbits suite. Returns its end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const python = process.env.PYTHON_WITH_LNBITS;
  if (!python) throw new Error("no PYTHON_WITH_LNBITS: run `npm run test:lnbits`");
  await removeLeftovers();
  const server = await lnbitsServer(python);
  project.provide("lnbits", { url: server.url, adminToken: server.adminToken });
  project.provide("lnbitsPython", python);
  return () => server.remove();
}
