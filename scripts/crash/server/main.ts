/**
 * The real app, to be killed: its own container, API and worker, with a watch on the database driver and on every port
 * that leads outside. It loads everything, then waits to be told to start.
 */
import { writeSync } from "node:fs";
import { runApp } from "~/server/run-app";
import { EVENTS_FD, ToServer } from "../protocol";
import { watchCommits } from "./commits";
import { arm } from "./reach";

process.on("message", (message) => {
  if (typeof message === "string") return; // for the launcher
  const told = ToServer.parse(message);
  if (told.kind === "arm") return arm(new Map(told.spots));
  Object.assign(process.env, told.env);
  watchCommits(new Set(told.writers));
  void runApp({ web: true, work: true });
});
// Who ends with the driver leaves nothing behind.
process.on("disconnect", () => process.exit(0));
writeSync(EVENTS_FD, `${JSON.stringify({ kind: "loaded" })}\n`);
