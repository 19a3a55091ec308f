import { runApp } from "./run-app";

// The background work alone.
await runApp({ web: false, work: true });
