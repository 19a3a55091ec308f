#!/usr/bin/env node
// Stands in for Prisma's native schema engine, which Prisma would download from a host that not every machine reaches.
// Prisma's command line starts it as a child and speaks JSON-RPC with it, a message a line. The work is done by the same
// engine compiled to WebAssembly (@prisma/schema-engine-wasm), which reaches Postgres through @prisma/adapter-pg.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import * as engineBindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import pg from "pg";

/** Type numbers of pg_type: "char" with its quotes (one byte), and text. */
const CHAR_OID = 18;
const TEXT_OID = 25;

const { values: options, positionals } = parseArgs({
  options: {
    datamodels: { type: "string", multiple: true, default: [] },
    datasource: { type: "string" },
    version: { type: "boolean" },
  },
  strict: false, // Prisma passes more than the WebAssembly engine has a use for
  allowPositionals: true,
});
const url = options.datasource && JSON.parse(options.datasource).url;

if (options.version) console.log("schema-engine-cli @prisma/schema-engine-wasm");
else if (positionals[0] === "cli") await runOneCommand(positionals.slice(1));
else serve();

/** `schema-engine cli can-connect-to-database` and `cli create-database`: the answer is the exit code. */
async function runOneCommand([command]) {
  const database = connectionOf(url).database;
  const creates = command === "create-database";
  const client = new pg.Client({ ...connectionOf(url), ...(creates && { database: "postgres" }) });
  try {
    await client.connect();
    if (creates) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  } catch (error) {
    const codes = { "3D000": "P1003", "28P01": "P1000", 28000: "P1010", "42P04": "P1009" };
    const fields = { message: error.message || String(error.code), error_code: codes[error.code] ?? "P1001" };
    // Prisma skips the first line, where the native engine announces itself.
    process.stderr.write(`\n${JSON.stringify({ level: "ERROR", target: "schema_engine::logger", fields })}`);
    process.exitCode = 1;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Answers one request after the other until standard input ends. */
function serve() {
  let engine; // made at the first request: its making may fail, and a failure needs a request to answer
  let earlier = Promise.resolve();
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    earlier = earlier.then(async () => {
      const { id, method, params } = JSON.parse(line);
      if (!method) return; // Prisma's reply to our own "print"
      try {
        engine ??= await makeEngine();
        // These two never open the shadow database. They find what they need in the engine's cache or fail, so the
        // cache is filled first, by the method that does open it.
        if (method === "evaluateDataLoss" || method === "createMigration") await engine.devDiagnostic(params);
        // The one method whose name the WebAssembly engine has changed.
        const result = await engine[method === "getDatabaseVersion" ? "version" : method](params);
        // The native engine prints through its caller, and so does what Prisma shows for `migrate diff`.
        if (method === "diff" && result?.stdout) {
          send({ id: `print-${id}`, method: "print", params: { content: result.stdout } });
        }
        send({ id, result: result ?? {} });
      } catch (error) {
        send({ id, error: { code: 4466, message: String(error.message ?? error), data: describe(error) } });
      }
    });
  });
  lines.on("close", () => earlier.finally(() => process.exit(0)));
}

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);

/** Prisma shows a known error by its code; everything else as a crash with its trace. */
function describe(error) {
  const message = String(error.message ?? error);
  if (error.code) return { is_panic: false, message, meta: error.meta ?? {}, error_code: error.code };
  return { is_panic: false, message, backtrace: error.stack };
}

async function makeEngine() {
  await loadWasm();
  const datamodels = options.datamodels.map((path) => [path, readFileSync(path, "utf8")]);
  const log = () => undefined; // what goes wrong comes back as the answer
  const adapter = bindMigrationAwareSqlAdapterFactory(adapterFactory());
  return engineBindings.SchemaEngine.new({ datamodels: datamodels.length > 0 ? datamodels : undefined }, log, adapter);
}

async function loadWasm() {
  const wasm = import.meta.resolve("@prisma/schema-engine-wasm/schema_engine_bg").replace(/\.js$/, ".wasm");
  const { instance } = await WebAssembly.instantiate(readFileSync(fileURLToPath(wasm)), {
    "./schema_engine_bg.js": engineBindings,
  });
  engineBindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

function adapterFactory() {
  // `generate` and `validate` have no database: they make an engine and never connect it.
  const connection = url ? connectionOf(url) : {};
  const factory = new PrismaPg(connection);
  const connect = factory.connect.bind(factory);
  factory.connect = async () => mended(await connect());
  // The adapter's own drops the shadow database while its connections are open, which Postgres refuses.
  factory.connectToShadowDb = async () => {
    const database = `prisma_migrate_shadow_db_${randomUUID()}`;
    await administer(connection, `CREATE DATABASE "${database}"`);
    const shadow = mended(await new PrismaPg({ ...connection, database }).connect());
    const dispose = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await dispose();
      await administer(connection, `DROP DATABASE "${database}" WITH (FORCE)`);
    };
    return shadow;
  };
  return factory;
}

async function administer(connection, statement) {
  const client = new pg.Client(connection);
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

/** Makes up for two things that the adapter cannot do and the schema engine needs. */
function mended(queryable) {
  // 1. The catalogs have columns of the type "char", which the adapter does not know. It is shown the type text, and
  //    the engine is told Character, as the native one reads it.
  const performIO = queryable.performIO.bind(queryable);
  const adapterQueryRaw = Object.getPrototypeOf(queryable).queryRaw;
  queryable.queryRaw = async (query) => {
    let isChar = [];
    const showText = async (asked) => {
      const answer = await performIO(asked);
      isChar = answer.fields.map((field) => field.dataTypeID === CHAR_OID);
      const fields = answer.fields.map((field, at) => (isChar[at] ? { ...field, dataTypeID: TEXT_OID } : field));
      return { ...answer, fields };
    };
    const disguised = Object.create(queryable, { performIO: { value: showText } });
    const result = await adapterQueryRaw.call(disguised, query);
    const columnTypes = result.columnTypes.map((type, at) => (isChar[at] ? ColumnTypeEnum.Character : type));
    return { ...result, columnTypes };
  };
  // 2. The adapter cuts scripts at each ";", through the bodies of functions too. Postgres takes them whole.
  queryable.executeScript = async (script) => {
    await queryable.client.query(script).catch((error) => queryable.onError(error));
  };
  if (queryable.startTransaction) {
    const startTransaction = queryable.startTransaction.bind(queryable);
    queryable.startTransaction = async (level) => mended(await startTransaction(level));
  }
  return queryable;
}

/** Field by field: given a connection string, the adapter would not let the shadow database replace the name in it. */
function connectionOf(text) {
  const { hostname, port, username, password, pathname, searchParams } = new URL(text);
  const sslmode = searchParams.get("sslmode");
  return {
    host: searchParams.get("host") ?? decodeURIComponent(hostname),
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ...(sslmode && sslmode !== "disable" && { ssl: { rejectUnauthorized: sslmode.startsWith("verify") } }),
  };
}
