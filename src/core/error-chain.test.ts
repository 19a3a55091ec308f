import { expect, test } from "vitest";
import { errorChain } from "./error-chain";

const codes = (thrown: unknown) => [...errorChain(thrown)].map(({ code }) => code);

test("goes from the outermost error to the innermost, through every kind of wrapping", () => {
  const inner = { code: "40001" };
  expect(codes({ code: "a", cause: { code: "b", cause: inner } })).toEqual(["a", "b", "40001"]);
  expect(codes({ code: "P2010", driverAdapterError: { code: "b", cause: inner } })).toEqual(["P2010", "b", "40001"]);
  expect(codes({ code: "P2010", meta: { driverAdapterError: { code: "b", cause: inner } } })).toEqual([
    "P2010",
    "b",
    "40001",
  ]);
});

test("what is no object has no chain, and a circle ends", () => {
  expect(codes(undefined)).toEqual([]);
  expect(codes("thrown")).toEqual([]);
  const circle: { code: string; cause?: unknown } = { code: "round" };
  circle.cause = circle;
  expect(codes(circle).length).toBeLessThan(10);
});
