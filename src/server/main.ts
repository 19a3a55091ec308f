import { runApp } from "./run-app";

// The whole app in one process.
await runApp({ web: true, work: true });
