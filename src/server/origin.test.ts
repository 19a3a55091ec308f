import { describe, expect, test } from "vitest";
import { originOf, ownOriginOf } from "./origin";

const settings = { publicUrl: null, port: 3000, trustProxy: 0 };

test.each([
  ["timmy.example", "http://timmy.example"],
  ["Timmy.Example:8080", "http://timmy.example:8080"],
  ["127.0.0.1:3000", "http://127.0.0.1:3000"],
  ["[::1]:3000", "http://[::1]:3000"],
  ["localhost", "http://localhost"],
])("the host that the client called us by: %s", (host, origin) => expect(originOf(settings, host, null)).toBe(origin));

test.each([
  null,
  "",
  "evil.example/path",
  "user@evil.example",
  "a b",
  "a\r\nX: y",
  "evil.example?x",
  "evil.example#x",
  "-a",
  "a..b",
  "a:port",
  "a:123456",
  "[::1",
  "x".repeat(300),
])("never %j", (host) => expect(originOf(settings, host, null)).toBe("http://localhost:3000"));

test("PUBLIC_URL goes before whatever the client says", () => {
  const configured = { ...settings, publicUrl: "https://timmy.example", trustProxy: 1 };
  expect(originOf(configured, "evil.example", "http")).toBe("https://timmy.example");
});

test.each([
  [0, "https", "http://timmy.example"],
  [1, "https", "https://timmy.example"],
  [1, "http, https", "https://timmy.example"],
  [1, "https, http", "http://timmy.example"],
  [1, "javascript", "http://timmy.example"],
])("behind %i proxies, forwarded as %j", (trustProxy, proto, origin) => {
  expect(originOf({ ...settings, trustProxy }, "timmy.example", proto)).toBe(origin);
});

describe("what was signed for us names", () => {
  test.each([
    "localhost:3000",
    "timmy.localhost",
    "127.0.0.1:3000",
    "[::1]:3000",
    "10.1.2.3",
    "192.168.0.7:8080",
    "172.16.0.1",
    "100.64.1.2",
    "[fd00::1]",
    "[fe80::1]",
    "[::ffff:127.0.0.1]",
    "app:3000",
    "timmy.local",
    "timmy.home.arpa",
  ])("a host of this house, which no site of the internet can be called: %s", (host) =>
    expect(ownOriginOf(settings, host, null)).toBe(`http://${host}`),
  );

  test.each([
    "evil.example",
    "localhost.evil.example",
    "evil.locals",
    "127.0.0.1.evil.example",
    "198.51.100.7",
    "172.32.0.1",
    "8.8.8.8:3000",
    "[2001:db8::1]",
    "[::ffff:198.51.100.7]",
    "1.2.3.4.5",
    "999.999.999.999",
    "localhost:99999",
  ])("never %s, by which another site could bring it here", (host) =>
    expect(ownOriginOf(settings, host, null)).toBeNull(),
  );

  test("PUBLIC_URL, whatever the client says", () => {
    const configured = { ...settings, publicUrl: "https://timmy.example" };
    expect(ownOriginOf(configured, "evil.example", null)).toBe("https://timmy.example");
  });

  test("this machine, where the client says nothing that can be read", () => {
    expect(ownOriginOf(settings, "evil.example/path", null)).toBe("http://localhost:3000");
  });
});
