/** `npm run admin-token`: prints what opens the operator's room (/admin), for these settings, and nothing else. */
import { loadSettings, SettingsError } from "~/server/env";

try {
  console.log((await loadSettings()).adminToken);
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
