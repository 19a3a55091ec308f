import dns from "node:dns";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
import { afterEach, describe, expect, test, vi } from "vitest";
import { webServer } from "~/testing/web-server";
import { guardedGet } from "./guarded-get";

const soon = () => AbortSignal.timeout(2_000);
const strict = () => ({ privateHosts: new Set<string>(), signal: soon() });
const forbidden = { ok: false, error: { code: "forbidden" } };
const realLookup = dns.lookup;

afterEach(() => {
  vi.restoreAllMocks();
  dns.lookup = realLookup;
  syncBuiltinESMExports();
});

/** Every name has this address from here on. */
function nameServerSays(...addresses: string[]) {
  const all = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  const lookup = (_: string, options: { all?: boolean }, done: (...args: unknown[]) => void) =>
    // Later, as from a real name server: whoever watches the socket is there by then.
    setImmediate(() => (options.all ? done(null, all) : done(null, all[0]?.address, all[0]?.family)));
  dns.lookup = lookup as unknown as typeof dns.lookup;
  syncBuiltinESMExports();
}

/** The addresses that would be connected to. Nobody out there is really asked: the socket ends once it knows where to. */
function cutBeforeConnecting(): string[] {
  const addresses: string[] = [];
  const get = https.get;
  vi.spyOn(https, "get").mockImplementation(((url: URL, options: https.RequestOptions) => {
    const request = get(url, options);
    request.on("socket", (socket) => {
      socket.on("lookup", (error: Error | null, address: string) => {
        if (error) return;
        addresses.push(address);
        socket.destroy();
      });
    });
    return request;
  }) as typeof https.get);
  return addresses;
}

describe("a name", () => {
  test.each([
    ["loopback", "127.0.0.1"],
    ["loopback, another one", "127.9.9.9"],
    ["this host", "0.0.0.0"],
    ["private 10/8", "10.1.2.3"],
    ["private 172.16/12", "172.31.255.1"],
    ["private 192.168/16", "192.168.1.1"],
    ["carrier-grade NAT", "100.64.0.1"],
    ["link-local, where clouds keep their secrets", "169.254.169.254"],
    ["IETF protocol assignments", "192.0.0.1"],
    ["documentation", "192.0.2.1"],
    ["documentation, another", "198.51.100.1"],
    ["documentation, a third", "203.0.113.1"],
    ["benchmarking", "198.18.0.1"],
    ["multicast", "224.0.0.1"],
    ["reserved", "240.0.0.1"],
    ["broadcast", "255.255.255.255"],
    ["IPv6 loopback", "::1"],
    ["IPv6 unspecified", "::"],
    ["IPv6 unique local", "fd00::1"],
    ["IPv6 link-local", "fe80::1"],
    ["IPv6 multicast", "ff02::1"],
    ["IPv6 documentation", "2001:db8::1"],
    ["IPv4 inside IPv6", "::ffff:127.0.0.1"],
    ["IPv4 inside IPv6, in hex", "::ffff:7f00:1"],
    ["IPv4 behind NAT64", "64:ff9b::7f00:1"],
    ["IPv4 behind 6to4", "2002:7f00:1::1"],
    ["Teredo", "2001:0:7f00:1::1"],
  ])("that leads to an address that is not public is refused: %s", async (_, address) => {
    nameServerSays(address);
    expect(await guardedGet(new URL("https://innocent.example/"), strict())).toEqual(forbidden);
  });

  test("with one public and one private address is refused", async () => {
    nameServerSays("1.1.1.1", "127.0.0.1");
    expect(await guardedGet(new URL("https://innocent.example/"), strict())).toEqual(forbidden);
  });

  test("with a public address is let through", async () => {
    nameServerSays("1.1.1.1");
    const letThrough = cutBeforeConnecting();
    await guardedGet(new URL("https://innocent.example/"), strict());
    expect(letThrough).toEqual(["1.1.1.1"]);
  });

  test("that changes its mind after it was checked gains nothing", async () => {
    const url = new URL("https://innocent.example/");
    const letThrough = cutBeforeConnecting();
    nameServerSays("1.1.1.1");
    await guardedGet(url, strict());
    nameServerSays("127.0.0.1");
    expect(await guardedGet(url, strict())).toEqual(forbidden);
    expect(letThrough).toEqual(["1.1.1.1"]);
  });

  test("of this machine is refused", async () => {
    expect(await guardedGet(new URL("https://localhost/"), strict())).toEqual(forbidden);
  });
});

test.each([
  "https://127.0.0.1/",
  "https://2130706433/",
  "https://0x7f000001/",
  "https://0177.0.0.1/",
  "https://127.1/",
  "https://[::1]/",
  "https://[::ffff:127.0.0.1]/",
  "https://1.1.1.1/",
  "https://user@example.com/",
  "https://user:password@example.com/",
  "https://example.com:8080/",
  "http://example.com/",
  "ftp://example.com/",
  "file:///etc/passwd",
  "data:application/json,{}",
])("%s is refused without asking anybody", async (url) => {
  expect(await guardedGet(new URL(url), strict())).toEqual(forbidden);
});

describe("a host that the operator allows", () => {
  const allowing = (...hosts: string[]) => ({ privateHosts: new Set(hosts), signal: soon() });

  test("answers by plain http", async () => {
    await using server = await webServer((_, response) => response.writeHead(404).end("nobody"));
    expect(await guardedGet(new URL(server.url), allowing(server.host))).toEqual({
      ok: true,
      value: { status: 404, body: "nobody" },
    });
  });

  test.each([
    "http://INSIDE/",
    "https://localhost/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://0x7f.1/",
    "//user:password@INSIDE/",
  ])("cannot send us to %s", async (location) => {
    await using inside = await webServer((_, response) => response.end("secret"));
    const target = location.replace("INSIDE", inside.host);
    await using server = await webServer((_, response) => response.writeHead(302, { Location: target }).end());
    expect(await guardedGet(new URL(server.url), allowing(server.host))).toEqual(forbidden);
    expect(server.asked).toEqual(["/"]);
    expect(inside.asked).toEqual([]);
  });

  test("may redirect three times and no more", async () => {
    await using server = await webServer((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left > 0) response.writeHead(307, { Location: `/${left - 1}` }).end();
      else response.end("here");
    });
    const options = () => allowing(server.host);
    expect(await guardedGet(new URL("/3", server.url), options())).toMatchObject({ ok: true, value: { body: "here" } });
    expect(await guardedGet(new URL("/4", server.url), options())).toEqual({
      ok: false,
      error: { code: "tooManyRedirects" },
    });
  });

  test("is read up to 64 KiB", async () => {
    await using server = await webServer((request, response) => {
      response.end("x".repeat(Number(request.url?.slice(1))));
    });
    const whole = await guardedGet(new URL("/65536", server.url), allowing(server.host));
    expect(whole.ok && whole.value.body.length).toBe(65_536);
    const more = await guardedGet(new URL("/65537", server.url), allowing(server.host));
    expect(more).toEqual({ ok: false, error: { code: "tooLarge" } });
  });

  test("that never ends its answer is left when it gets too large", async () => {
    await using server = await webServer((_, response) => {
      const pour = () => {
        while (!response.destroyed && response.write("x".repeat(16_384)));
      };
      response.on("drain", pour);
      pour();
    });
    expect(await guardedGet(new URL(server.url), allowing(server.host))).toEqual({
      ok: false,
      error: { code: "tooLarge" },
    });
  });

  test.each([
    ["never answers", () => undefined],
    ["stops in the middle", (response: { write(text: string): void }) => response.write("{")],
  ])("that %s is left when the time is over", async (_, hang) => {
    await using server = await webServer((_request, response) => hang(response));
    const options = { privateHosts: new Set([server.host]), signal: AbortSignal.timeout(150) };
    expect(await guardedGet(new URL(server.url), options)).toEqual({ ok: false, error: { code: "noAnswer" } });
  });

  test("that breaks off is no answer", async () => {
    await using server = await webServer((_, response) => {
      response.writeHead(200, { "Content-Length": "100" });
      response.write("{");
      setImmediate(() => response.destroy());
    });
    expect(await guardedGet(new URL(server.url), allowing(server.host))).toEqual({
      ok: false,
      error: { code: "noAnswer" },
    });
  });

  test("that is not there is no answer", async () => {
    const server = await webServer((_, response) => response.end());
    await server.stop();
    expect(await guardedGet(new URL(server.url), allowing(server.host))).toEqual({
      ok: false,
      error: { code: "noAnswer" },
    });
  });
});
