import { installationSecret } from "~/server/secrets";

// Says that it is there, then asks for the secret of each folder that it is told.
process.on("message", async (folders: string[]) => {
  process.send?.(await Promise.all(folders.map(installationSecret)));
});
process.send?.("ready");
