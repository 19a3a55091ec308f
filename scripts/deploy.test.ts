import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { SETTING_GROUPS } from "~/server/setting-table";

// No Docker engine runs here: the files are read, not run.
const ROOT = join(import.meta.dirname, "..");
const read = (name: string) => readFileSync(join(ROOT, name), "utf8");

const Service = z.strictObject({
  build: z.string().optional(),
  image: z.string(),
  command: z.array(z.string()).optional(),
  restart: z.literal("unless-stopped"),
  stop_grace_period: z.string().optional(),
  shm_size: z.string().optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  healthcheck: z
    .union([
      z.strictObject({ disable: z.literal(true) }),
      z.strictObject({ test: z.array(z.string()), interval: z.string(), timeout: z.string(), retries: z.int() }),
    ])
    .optional(),
  depends_on: z
    .record(z.string(), z.strictObject({ condition: z.enum(["service_healthy", "service_started"]) }))
    .optional(),
  networks: z.array(z.string()),
});
const Compose = z.object({
  name: z.string(),
  services: z.record(z.string(), Service),
  networks: z.record(z.string(), z.strictObject({ internal: z.boolean().optional() })),
  volumes: z.record(z.string(), z.strictObject({})),
});
const compose = Compose.parse(parse(read("compose.yaml"), { merge: true }));
const service = (name: string): z.infer<typeof Service> => {
  const found = compose.services[name];
  if (!found) throw new Error(`no service ${name}`);
  return found;
};
const SETTINGS = Object.values(SETTING_GROUPS).flatMap((group) => Object.values(group));
const instructions = read("Dockerfile")
  .replaceAll(/\\\n\s*/g, "")
  .split("\n")
  .filter((line) => /^[A-Z]+ /.test(line));

describe("compose.yaml", () => {
  test("has the app, its worker apart, Postgres, LNbits and Caddy", () => {
    expect(Object.keys(compose.services).sort()).toEqual(["caddy", "lnbits", "postgres", "web", "worker"]);
    expect([service("web").command?.at(-1), service("worker").command?.at(-1)]).toEqual(["web", "worker"]);
    expect(service("web").image).toBe(service("worker").image);
  });

  test("names every image by a version", () => {
    for (const { image, build } of Object.values(compose.services)) {
      if (!build) expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
    }
  });

  test("lets the world in through Caddy alone, and reaches the database from the app alone", () => {
    for (const [name, { ports = [], networks }] of Object.entries(compose.services)) {
      const open = ports.filter((port) => !port.startsWith("127.0.0.1:"));
      expect([name, open.length > 0]).toEqual([name, name === "caddy"]);
      expect([name, networks.includes("database")]).toEqual([name, ["web", "worker", "postgres"].includes(name)]);
    }
    expect(compose.networks.database?.internal).toBe(true);
    expect(service("postgres").networks).toEqual(["database"]);
  });

  test("gives the app settings that it knows, and no secret of its own", () => {
    const known = new Map(SETTINGS.map(({ name, secret }) => [name, secret]));
    for (const name of ["web", "worker"]) {
      const environment = Object.entries(service(name).environment ?? {});
      expect(environment.length).toBeGreaterThan(10);
      for (const [setting, value] of environment) {
        expect(known.has(setting), setting).toBe(true);
        if (known.get(setting)) expect(value, setting).toMatch(/\$\{[A-Z_]+(:\?[^}]+|:-)\}/);
      }
    }
  });

  test("does not start without what production needs", () => {
    const { environment = {} } = service("web");
    for (const name of [
      "TIMMY_TOKEN_SECRET",
      "ADMIN_TOKEN",
      "LNBITS_API_KEY",
      "ANTHROPIC_API_KEY",
      "DATABASE_URL",
      "PUBLIC_URL",
    ]) {
      expect(environment[name], name).toMatch(/\$\{[A-Z_]+:\?[^}]+\}/);
    }
    expect(environment.PUBLIC_URL).toMatch(/^https:/);
    expect(environment).not.toHaveProperty("ENABLE_DEV_PAY");
  });

  test("keeps what must last in volumes that it names, and waits for what it needs", () => {
    for (const [name, { volumes = [] }] of Object.entries(compose.services)) {
      const kept = volumes.map((volume) => volume.split(":")[0] ?? "").filter((source) => !source.startsWith("."));
      expect(kept.length, name).toBeGreaterThan(0);
      for (const source of kept) expect(compose.volumes, name).toHaveProperty(source);
    }
    for (const name of ["web", "worker"]) {
      expect(service(name).depends_on).toMatchObject({ postgres: { condition: "service_healthy" } });
      expect(service(name)).toMatchObject({ read_only: true, cap_drop: ["ALL"] });
    }
  });
});

describe("Dockerfile", () => {
  test("builds in stages on one Node that the app runs on, and what runs is nobody's root", () => {
    const stages = instructions.filter((line) => line.startsWith("FROM "));
    expect(stages.length).toBeGreaterThanOrEqual(3);
    const bases = stages.map((line) => line.split(" ")[1] ?? "").filter((base) => base.includes(":"));
    expect(new Set(bases).size).toBe(1);
    expect(bases[0]).toMatch(/^node:20\.(19|[2-9]\d)\.\d+-/);
    const last = instructions.slice(instructions.lastIndexOf(stages.at(-1) ?? ""));
    expect(last).toContain("USER node");
    expect(last.join("\n")).not.toMatch(/npm|apt-get/);
    expect(last.at(-1)).toMatch(/^CMD \["node", .*"scripts\/serve\.mjs", "web"\]$/);
  });

  test("runs no install script, and leaves the tools of building behind", () => {
    expect(instructions.filter((line) => /npm ci/.test(line)).every((line) => line.includes("--ignore-scripts"))).toBe(
      true,
    );
    expect(instructions.some((line) => /npm prune --omit=dev/.test(line))).toBe(true);
  });

  test("no settings, secrets, data or history get into an image", () => {
    const ignored = read(".dockerignore").split("\n");
    for (const path of [".env", ".env.*", ".git", ".data", "node_modules", "dist"]) expect(ignored).toContain(path);
  });
});
