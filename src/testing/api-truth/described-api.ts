import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { z } from "zod";
import { PREFLIGHT_HEADERS } from "~/server/answer";

const Header = z.object({ required: z.boolean().default(false) });
const Media = z
  .looseObject({ example: z.unknown(), examples: z.record(z.string(), z.object({ value: z.unknown() })) })
  .partial();
const ResponseShape = z.object({
  headers: z.record(z.string(), Header).default({}),
  content: z.record(z.string(), Media).default({}),
});
const Parameter = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().default(false),
  example: z.unknown(),
});
const OperationShape = z.object({
  operationId: z.string(),
  parameters: z.array(Parameter).default([]),
  requestBody: z.object({ content: z.record(z.string(), Media) }).optional(),
  responses: z.record(z.string(), ResponseShape),
});
const DocumentShape = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), OperationShape)),
  components: z.looseObject({ responses: z.record(z.string(), ResponseShape) }),
});

export type Described = z.infer<typeof OperationShape> & { method: string; path: string };
export type Answer = { status: number; headers: Headers; text: string };

/** What HTTP and every answer of the API bring, which no answer is described to bring. */
const OF_EVERY_ANSWER = new Set(
  [
    ...Object.keys(PREFLIGHT_HEADERS),
    ...["Content-Type", "Content-Length", "Date", "Connection", "Keep-Alive", "Transfer-Encoding", "Vary"],
  ].map((name) => name.toLowerCase()),
);

/** A description of the API, held against real answers. */
export function describedApi(document: unknown) {
  const { paths, components } = DocumentShape.parse(document);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]): Described => ({ ...operation, path, method: method.toUpperCase() }),
    ),
  );
  // The formats have patterns beside them.
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema({ ...(closed(document) as object), $id: "api" });
  const compiled = new Map<string, ValidateFunction>();

  function validator(pointer: readonly string[]): ValidateFunction {
    const fragment = pointer
      .map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1")))
      .join("/");
    const known = compiled.get(fragment) ?? ajv.compile({ $ref: `api#/${fragment}` });
    compiled.set(fragment, known);
    return known;
  }

  /** Everything in which an answer is not as it is described at this place of the document. */
  function faultsAt(where: readonly string[], described: z.infer<typeof ResponseShape>, answer: Answer): string[] {
    const faults: string[] = [];
    const documented = new Map(Object.entries(described.headers).map(([name, header]) => [name.toLowerCase(), header]));
    for (const [name] of answer.headers) {
      if (!documented.has(name) && !OF_EVERY_ANSWER.has(name)) faults.push(`undocumented header ${name}`);
    }
    for (const [name, { required }] of documented) {
      if (required && !answer.headers.has(name)) faults.push(`header ${name} is missing`);
    }
    const type = answer.headers.get("content-type");
    const types = Object.keys(described.content);
    if (types.length === 0) return answer.text === "" ? faults : [...faults, "an undocumented body"];
    if (type === null || !types.includes(type)) return [...faults, `undocumented content type ${type}`];
    const validate = validator([...where, "content", type, "schema"]);
    if (!validate(type.includes("json") ? JSON.parse(answer.text) : answer.text)) {
      faults.push(`${ajv.errorsText(validate.errors)} in ${answer.text}`);
    }
    return faults;
  }

  return {
    operations,

    /** The operation that such a call reaches. */
    operationFor: (method: string, path: string): Described | undefined =>
      operations.find((operation) => operation.method === method && patternOf(operation.path).test(path)),

    faultsOf({ operationId, path, method, responses }: Described, answer: Answer): string[] {
      const described = responses[answer.status];
      if (!described) return [`${operationId}: undocumented status ${answer.status}: ${answer.text}`];
      const where = ["paths", path, method.toLowerCase(), "responses", String(answer.status)];
      return faultsAt(where, described, answer).map((fault) => `${operationId} ${answer.status}: ${fault}`);
    },

    /** Of an answer that every path may give, by the name of the component. */
    faultsOfComponent(name: string, answer: Answer): string[] {
      const described = components.responses[name];
      return described ? faultsAt(["components", "responses", name], described, answer) : [`no component ${name}`];
    },

    /** Every example that is not of its own schema, or that is missing. */
    faultyExamples(): string[] {
      return operations.flatMap(({ operationId, path, method, requestBody, responses }) => {
        const at = ["paths", path, method.toLowerCase()];
        const bodies = [
          ...Object.entries(requestBody?.content ?? {}).map(([type, media]) => ({
            where: ["requestBody", "content", type],
            media,
          })),
          ...Object.entries(responses).flatMap(([status, { content }]) =>
            Object.entries(content).map(([type, media]) => ({ where: ["responses", status, "content", type], media })),
          ),
        ];
        return bodies.flatMap(({ where, media }) => {
          const examples = media.examples ? Object.values(media.examples).map(({ value }) => value) : [media.example];
          const validate = validator([...at, ...where, "schema"]);
          const bad = examples.filter((example) => example === undefined || !validate(example));
          return bad.map(
            (example) =>
              `${operationId} ${where.join(" ")}: ${JSON.stringify(example)} ${ajv.errorsText(validate.errors)}`,
          );
        });
      });
    },
  };
}
export type DescribedApi = ReturnType<typeof describedApi>;

const patternOf = (path: string): RegExp => new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`);

/** The same document with every object closed that does not say itself what else may be in it. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== "object" || node === null) return node;
  const copy = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, name.startsWith("example") ? value : closed(value)]),
  );
  return copy.type === "object" && !("additionalProperties" in copy) ? { ...copy, additionalProperties: false } : copy;
}
