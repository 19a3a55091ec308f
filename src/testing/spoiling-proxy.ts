import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export type Asked = { method: string; path: string; body: string; headers: IncomingMessage["headers"] };
export type Told = { status: number; headers: Record<string, string>; body: string };
/** Changes an answer, or leaves it as it is. */
export type Spoil = (asked: Asked, told: Told) => Told;
type Answering = (asked: Asked) => Promise<Told>;

export type Proxy = { url: string; [Symbol.asyncDispose](): Promise<void> };

/** Stands before an app, or in its place, and passes each answer through `spoil`. */
export async function proxy(answering: Answering, spoil: Spoil = (_, told) => told): Promise<Proxy> {
  const server = createServer(async (incoming, outgoing) => {
    const { method = "GET", url: path = "/", headers } = incoming;
    const asked = { method, path, headers, body: await text(incoming) };
    const told = spoil(asked, await answering(asked));
    const kept = Object.entries(told.headers).filter(([name]) => !OF_A_CONNECTION.has(name));
    outgoing.writeHead(told.status, Object.fromEntries(kept)).end(told.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const OF_A_CONNECTION = new Set(["host", "connection", "content-length", "expect", "transfer-encoding", "keep-alive"]);

/**
 * Hands everything on to an app, as a client with an address of its own, under the name that the proxy was called by:
 * what is signed for the one then holds for the other.
 */
export const forwardedTo =
  (target: string, client: string): Answering =>
  ({ method, path, headers, body }) =>
    new Promise((resolve, reject) => {
      const sent = request(target + path, { method, headers: { ...headers, "x-forwarded-for": client } }, (answer) => {
        text(answer).then((body) => {
          const told = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
          resolve({ status: answer.statusCode ?? 0, headers: Object.fromEntries(told), body });
        }, reject);
      });
      sent.on("error", reject);
      sent.end(body);
    });

/** Every answer that went through, by what was asked, in order. */
export type Recording = Map<string, Told[]>;
const keyOf = ({ method, path }: Asked): string => `${method} ${path}`;

export const recordedIn =
  (recording: Recording): Spoil =>
  (asked, told) => {
    recording.set(keyOf(asked), [...(recording.get(keyOf(asked)) ?? []), told]);
    return told;
  };

/** Gives the answers of a recording again, each in its turn, the last one for ever. */
export function replayOf(recording: Recording): Answering {
  const given = new Map<string, number>();
  return async (asked) => {
    const turns = recording.get(keyOf(asked)) ?? [];
    const turn = given.get(keyOf(asked)) ?? 0;
    given.set(keyOf(asked), turn + 1);
    return (
      turns[Math.min(turn, turns.length - 1)] ?? { status: 599, headers: {}, body: `never asked: ${keyOf(asked)}` }
    );
  };
}
