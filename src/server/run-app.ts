import { startWorker } from "~/worker/main";
import { createApi } from "./api";
import { createContainer } from "./container";
import { openAppDatabase, refuseOthersDatabase } from "./database-store";
import { loadSettings, type Settings, SettingsError } from "./env";
import { farewell } from "./farewell";
import { PortTaken, startHttp } from "./http";
import { createLog, type Log } from "./log";
import { outliveReaders } from "./outlive-readers";
import { preparePages } from "./pages";
import { shareApi } from "./shared-api";
import { untilReady } from "./until-ready";

/** Which sides of the app this process is. */
type Roles = { web: boolean; work: boolean };

const IN_FLIGHT_MS = 10_000;
const TELL_MS = 1_000;

/** Runs the app until it is told to stop. It owns the whole process. */
export async function runApp(roles: Roles): Promise<void> {
  outliveReaders();
  let settings: Settings;
  try {
    settings = await loadSettings();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
  const log = createLog(settings);
  for (const warning of settings.warnings) log.warn(warning);

  /** How to stop what was started, in that order. */
  const started: (() => Promise<void>)[] = [];
  const starting = start(roles, settings, log, (stop) => started.push(stop));
  stopOnSignals(log, async () => {
    await starting.catch(() => undefined); // what is half started cannot be stopped
    for (const stop of started.reverse()) {
      await stop().catch((error: unknown) => log.error({ err: error }, "a part did not stop cleanly"));
    }
  });
  try {
    await starting;
  } catch (error) {
    if (error instanceof PortTaken || error instanceof SettingsError) console.error(error.message);
    else log.error({ err: error }, "start-up failed");
    for (const stop of started.reverse()) await stop().catch(() => undefined);
    process.exit(1);
  }
}

async function start(roles: Roles, settings: Settings, log: Log, onStop: (stop: () => Promise<void>) => void) {
  // First of all the port: if it is taken, nothing else need be begun.
  const http = roles.web ? await startHttp({ host: settings.host, port: settings.port, log }) : null;
  const pages = http && preparePages({ hostname: settings.host ?? "localhost", port: http.port }, settings);
  pages?.catch(() => undefined); // awaited below

  const database = await openAppDatabase(settings, (line) => log.info(line));
  onStop(() => database.stop());
  await refuseOthersDatabase(database.url, settings);
  const container = await createContainer({ ...settings, port: http?.port ?? settings.port }, database.url);
  onStop(() => container.close());
  if (roles.work) {
    const worker = await startWorker(container);
    onStop(() => worker.stop());
  }
  const presence = container.announce(roles.web && roles.work ? "both" : roles.web ? "web" : "worker");
  onStop(() => presence.stop());
  for (const part of container.simulated) console.log(`simulated: ${part}`);
  if (!http || !pages) return console.log("working");

  let pagesReady = false;
  const door = farewell();
  const api = createApi(container, { staysReady: () => door.asked() && pagesReady, Response: http.Response });
  http.serveApi(api);
  shareApi(api);
  onStop(async () => (await pages).close()); // once nobody is served any more
  onStop(async () => {
    await door.leave();
    // Those that are being stopped must still be told so.
    const ended = container.services.requests.drain(IN_FLIGHT_MS - TELL_MS);
    await Promise.all([http.close(IN_FLIGHT_MS), ended]);
  });
  const prepared = await pages;
  http.servePages(prepared.serve);
  pagesReady = true;
  // It is started; ready it may be much later, if its wallet is away. Stopping it does not wait for that.
  const stopping = new AbortController();
  onStop(async () => stopping.abort());
  void untilReady(http.loopbackUrl, stopping.signal).then((ready) => {
    if (!ready) return;
    door.forget(); // that was ourselves
    console.log(`ready on http://${isAnywhere(settings.host) ? "localhost" : urlHost(settings.host)}:${http.port}`);
  });
}

const isAnywhere = (host: string | null): host is null => host === null || host === "0.0.0.0" || host === "::";
const urlHost = (host: string): string => (host.includes(":") ? `[${host}]` : host);

function stopOnSignals(log: Log, stop: () => Promise<void>): void {
  let asked = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (asked) process.exit(1);
      asked = true;
      console.log("stopping …");
      stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
  // Whatever a stray promise was about, the truth is in the database: it is no reason to drop everybody's connection.
  process.on("unhandledRejection", (error) => log.error({ err: error }, "unhandled promise rejection"));
}
