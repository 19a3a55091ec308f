import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The host of the visitors' Lightning addresses (LUD-16): any name, any amount. */
export async function addressHost(invoiceOf: (amountSats: number) => Promise<{ paymentRequest: string }>) {
  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? "/", origin());
    const answer = async () => {
      const amount = url.searchParams.get("amount");
      if (amount !== null) return { pr: (await invoiceOf(Number(amount) / 1000)).paymentRequest, routes: [] };
      const callback = `${origin()}/pay`;
      return { tag: "payRequest", callback, minSendable: 1000, maxSendable: 1_000_000_000, metadata: "[]" };
    };
    answer().then(
      (body) => outgoing.setHeader("content-type", "application/json").end(JSON.stringify(body)),
      () => outgoing.writeHead(500).end(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const origin = () => `http://127.0.0.1:${port}`;

  return {
    host: `127.0.0.1:${port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
