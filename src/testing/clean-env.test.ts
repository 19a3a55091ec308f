import { expect, test } from "vitest";
import { SETTING_GROUPS } from "~/server/setting-table";
import { cleanEnv } from "../../scripts/steps/clean-env.mjs";

const names = Object.values(SETTING_GROUPS).flatMap((group) => Object.values(group).map((setting) => setting.name));

test.each([...names, "NODE_ENV", "PGPASSWORD", "OTEL_EXPORTER_OTLP_ENDPOINT"])(
  "%s of the machine is cleared",
  (name) => {
    expect(names.length).toBeGreaterThan(20);
    expect(cleanEnv({}, { [name]: "leaked" })[name]).not.toBe("leaked");
  },
);

test("the rest of the machine stays, no file of settings is read, nobody real is asked for a price, a run sets its own", () => {
  const env = cleanEnv({ PORT: "0" }, { PATH: "/bin", HTTPS_PROXY: "http://proxy", PORT: "80" });
  expect(env).toMatchObject({ PATH: "/bin", HTTPS_PROXY: "http://proxy", PORT: "0", TIMMY_ENV_FILE: "off" });
});

test("a price of bitcoin is asked of nobody real, unless a run names a server of its own", () => {
  expect(cleanEnv().COINGECKO_URL).toMatch(/^http:\/\/127\.0\.0\.1:/);
  expect(cleanEnv({ COINGECKO_URL: "http://127.0.0.1:4000" }).COINGECKO_URL).toBe("http://127.0.0.1:4000");
});
