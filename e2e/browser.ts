import { z } from "zod";
import { findBrowser } from "../scripts/steps/browser.mjs";

const Browser = z.object({ executablePath: z.string(), args: z.array(z.string()), how: z.string() });

/** Looked for once in a run: Playwright reads its settings again in each worker, which inherits what was found. */
export async function browserForTests(): Promise<z.infer<typeof Browser>> {
  const known = process.env.E2E_BROWSER;
  if (known) return Browser.parse(JSON.parse(known));
  const found = await findBrowser({ say: (line) => console.error(line) });
  console.error(`browser: ${found.executablePath} (${found.how})`);
  process.env.E2E_BROWSER = JSON.stringify(found);
  return found;
}
