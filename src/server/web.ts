import { runApp } from "./run-app";

// API and pages; the background work is another process's.
await runApp({ web: true, work: false });
