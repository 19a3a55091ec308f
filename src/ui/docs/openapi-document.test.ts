import { expect, test } from "vitest";
import { openApiDocument } from "~/server/openapi";
import { exampleOf, readDocument, resolved } from "./openapi-document";

const document = readDocument(JSON.parse(JSON.stringify(openApiDocument())));

test("reads the whole of the document that the server has", () => {
  const read = document.groups.flatMap(({ operations }) => operations.map(({ method, path }) => `${method} ${path}`));
  const written = Object.entries(openApiDocument().paths ?? {}).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(read.sort()).toEqual(written.sort());
});

test("finds what a reference means", () => {
  expect(resolved({ $ref: "#/components/schemas/Invoice" }, document.schemas)).toMatchObject({
    name: "Invoice",
    schema: { properties: { paymentHash: {} } },
  });
  expect(resolved({ type: "string" }, document.schemas)).toEqual({ name: null, schema: { type: "string" } });
});

test("takes the first example there is", () => {
  expect(exampleOf({ "application/json": { example: 1 } })).toBe(1);
  expect(exampleOf({ "application/json": { examples: { a: { value: 2 }, b: { value: 3 } } } })).toBe(2);
  expect(exampleOf(undefined)).toBeUndefined();
});
