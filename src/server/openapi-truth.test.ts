import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DescribedApi, describedApi } from "~/testing/api-truth/described-api";
import { everywhere } from "~/testing/api-truth/everywhere";
import { PRODUCERS } from "~/testing/api-truth/producers";
import { openStage, type Stage } from "~/testing/api-truth/stage";
import { openApiDocument } from "./openapi";
import { PROBLEMS } from "./problems";

/** Codes that no endpoint describes, or that need a trouble outside which no test of the edge has. */
const NOT_PRODUCED = new Set([
  "STARTING",
  "TOO_MANY_STREAMS",
  "STREAM_TICKET_INVALID",
  "WALLET_UNAVAILABLE",
  "ADDRESS_UNREACHABLE",
]);

const document = () => JSON.parse(JSON.stringify(openApiDocument()));

describe("the description of the API", () => {
  test("is OpenAPI 3.1, by its own meta-schema", async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(document());
    expect({ valid, errors }).toMatchObject({ valid: true });
    expect(validator.version).toBe("3.1");
    const broken = document();
    broken.paths["/api/jobs"].post.responses[201].content["application/json"] = 7;
    expect((await new Validator().validate(broken)).valid).toBe(false);
  });

  test("has an example of every body, and each is of its own schema", () => {
    expect(describedApi(document()).faultyExamples()).toEqual([]);
  });
});

describe("real answers of every endpoint", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    await everywhere(stage);
  });
  afterAll(() => stage.close());

  test("to what all have in common are as described", () => {
    expect([...new Set(stage.faults)]).toEqual([]);
  });

  test("there is a producer for each operation, and none for another", () => {
    const described = describedApi(document()).operations.map(({ operationId }) => operationId);
    expect(Object.keys(PRODUCERS).sort()).toEqual(described.sort());
  });

  test.each(Object.entries(PRODUCERS))(
    "%s: each of its answers is as described, each status was seen",
    async (id, produce) => {
      const before = stage.faults.length;
      await produce(stage);
      expect([...new Set(stage.faults.slice(before))]).toEqual([]);
      const operation = stage.api.operations.find(({ operationId }) => operationId === id);
      const unseen = Object.keys(operation?.responses ?? {}).filter((status) => !stage.seen.has(`${id} ${status}`));
      expect(unseen, "statuses that are described and were never answered").toEqual([]);
    },
  );

  test("every code was met", () => {
    const codes = new Set(Object.values(PROBLEMS).map(({ code }) => code as string));
    expect([...codes].filter((code) => !stage.codes.has(code) && !NOT_PRODUCED.has(code))).toEqual([]);
  });
});

describe("the check itself", () => {
  const DESCRIBED = {
    paths: {
      "/x": {
        get: {
          operationId: "x",
          responses: {
            "200": {
              description: "",
              headers: { "X-There": { required: true, schema: { type: "string" } } },
              content: { "application/json": { schema: { type: "object", properties: { a: { type: "integer" } } } } },
            },
          },
        },
      },
    },
    components: { responses: {} },
  };
  const answer = (over: { status?: number; text?: string; headers?: Record<string, string> } = {}) => ({
    status: over.status ?? 200,
    text: over.text ?? '{"a":1}',
    headers: new Headers({ "content-type": "application/json", "x-there": "y", ...over.headers }),
  });
  const faults = (api: DescribedApi, given: ReturnType<typeof answer>) => {
    const operation = api.operationFor("GET", "/x");
    return operation ? api.faultsOf(operation, given) : ["no such operation"];
  };

  test.each([
    ["nothing at all", answer(), /^$/],
    ["another status", answer({ status: 404 }), /undocumented status 404/],
    ["another header", answer({ headers: { "x-more": "1" } }), /undocumented header x-more/],
    ["another type", answer({ headers: { "content-type": "text/html" } }), /undocumented content type text.html/],
    ["a wrong value", answer({ text: '{"a":"1"}' }), /must be integer/],
    ["one member more", answer({ text: '{"a":1,"b":2}' }), /additional properties/],
  ])("sees %s", (_what, given, fault) => {
    expect(faults(describedApi(DESCRIBED), given).join(" ")).toMatch(fault);
  });

  test("sees a header that is missing", () => {
    const given = answer();
    given.headers.delete("x-there");
    expect(faults(describedApi(DESCRIBED), given).join(" ")).toMatch(/x-there is missing/);
  });
});
