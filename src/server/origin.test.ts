import { expect, test } from "vitest";
import { originOf } from "./origin";

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
