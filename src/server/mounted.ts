import { type Api, createApi } from "./api";
import { createContainer } from "./container";
import { openAppDatabase, refuseOthersDatabase } from "./database-store";
import { loadSettings } from "./env";

/** The API alone, for a server that is not ours. */
export async function openMountedApi(): Promise<Api> {
  const settings = await loadSettings();
  const database = await openAppDatabase(settings, console.log);
  await refuseOthersDatabase(database.url, settings);
  return createApi(await createContainer(settings, database.url));
}
