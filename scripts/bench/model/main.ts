import { startMessagesApiServer } from "~/testing/messages-api-server";

// The model's server in a process of its own, so that neither side's client has to share a thread with it.
const server = await startMessagesApiServer();
console.log(`listening on ${new URL(server.url).port}`);
process.once("SIGTERM", () => process.exit(0));
