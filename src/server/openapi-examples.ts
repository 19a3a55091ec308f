/** A JSON Schema as far as an example follows from it. */
export type Schema = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  example?: unknown;
  examples?: unknown[];
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  minimum?: number;
};

const HASH = "6c1f2d0b9b4e47a2a7d0f1c7c3f8e1d25a0b3f6e9c8d7b6a5f4e3d2c1b0a9f8e";
/** The names on the wire mean the same everywhere, so an example knows them. */
const BY_NAME: Readonly<Record<string, unknown>> = {
  bootstrapJobId: "2f6d0c4e-8f51-4b8e-9d4b-7a9c1e5f3b60",
  jobId: "0b9f6f2e-6f8e-4c0c-9a53-0f6f1d3c1a77",
  id: "5e0c7c92-0a35-4ac4-8f3c-5b1a7e0c2d11",
  sessionId: "5e0c7c92-0a35-4ac4-8f3c-5b1a7e0c2d11",
  requestId: "c1d7b1a4-94b4-4f0b-8b0e-2b1f6f1f0f42",
  request: "Write a haiku about patience",
  result: "Snow waits on the bough;\nthe kettle hums, unhurried.\nSpring knows the way here.",
  refundToken: "kq3kS0b1vQm0m0bL0c9hVqUe3x2r5uYw7dQ1nT8aZ4E",
  paymentRequest: "lnbcrt100n1p5r7example",
  paymentHash: HASH,
  preimage: "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
  k1: HASH,
  pr: "lnbcrt80n1p5r7example",
  lnurl: "LNURL1DP68GURN8GHJ7MRWW4EXCTT5DAHKCCN00QHXGET8WFJK2UM0VEAX2UN09E3K7MF0D9EXAMPLE",
  invoice: "lnbcrt80n1p5r7example",
  amountSats: 10,
  owedSats: 8,
  balanceSats: 412,
  debitedSats: 31,
  estimatedSats: 40,
  evalFeeSats: 10,
  btcPriceUsd: 100_000,
  nostr_token: "eyJwdWJrZXkiOiI3ZTdlOWM0MiJ9.5f3a9c0e12b7",
  pubkey: "3bf0c63fcb93463407af97a5e5ee64fa883d107ef9e558472c4eb9aaaefa459d",
  macaroon: "AgEJdGltbXkuZXhhbXBsZQ==",
  challenge: "b6a1c0de.20261122.5f3a9c0e12b7",
  terms: "A machine of its own, kept at least 30 days.",
  message: "Pay the invoice for 10000 sats, and your node will be set up.",
  nodeIp: "192.0.2.17",
  reason: "Timmy does not help with counterfeits.",
};
const BY_FORMAT: Readonly<Record<string, unknown>> = {
  uuid: "9c1b3f4e-3a3c-4f0e-8a52-6a3d3f0e7b21",
  "date-time": "2026-11-22T12:00:00.000Z",
};
const TYPICAL: Readonly<Record<string, unknown>> = { string: "…", integer: 1, number: 1, boolean: false, null: null };

/** An example of a schema: what is required, and what was given an example. */
export function exampleOf(schema: Schema, schemas: Readonly<Record<string, Schema>>, name = ""): unknown {
  if (schema.$ref) return exampleOf(schemas[schema.$ref.split("/").at(-1) ?? ""] ?? {}, schemas, name);
  if (schema.example !== undefined) return schema.example;
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [choice] = schema.anyOf ?? schema.oneOf ?? [];
  if (choice) return exampleOf(choice, schemas, name);
  if (schema.properties) {
    const shown = Object.entries(schema.properties).filter(
      ([key, field]) => schema.required?.includes(key) || field.example !== undefined,
    );
    return Object.fromEntries(shown.map(([key, field]) => [key, exampleOf(field, schemas, key)]));
  }
  if (schema.items) return [exampleOf(schema.items, schemas, name)];
  if (name in BY_NAME) return BY_NAME[name];
  if (schema.format && schema.format in BY_FORMAT) return BY_FORMAT[schema.format];
  const [type = "object"] = [schema.type ?? []].flat();
  return TYPICAL[type] ?? {};
}

type Media = { schema?: Schema; example?: unknown; examples?: unknown };

/** Gives every body that has none its example, in place: the document is still being made. */
export function addExamples(
  content: Record<string, Media> | undefined,
  schemas: Readonly<Record<string, Schema>>,
): void {
  for (const media of Object.values(content ?? {})) {
    if (media.schema && media.example === undefined && media.examples === undefined) {
      media.example = exampleOf(media.schema, schemas);
    }
  }
}
