import { z } from "zod";

/** A JSON Schema as far as the page shows it. */
export type Schema = {
  $ref?: string | undefined;
  type?: string | string[] | undefined;
  description?: string | undefined;
  format?: string | undefined;
  enum?: unknown[] | undefined;
  const?: unknown;
  pattern?: string | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
  minLength?: number | undefined;
  maxLength?: number | undefined;
  properties?: Record<string, Schema> | undefined;
  required?: string[] | undefined;
  items?: Schema | undefined;
  anyOf?: Schema[] | undefined;
  oneOf?: Schema[] | undefined;
  allOf?: Schema[] | undefined;
};
const Schema: z.ZodType<Schema> = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  format: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  get properties() {
    return z.record(z.string(), Schema).optional();
  },
  required: z.array(z.string()).optional(),
  get items() {
    return Schema.optional();
  },
  get anyOf() {
    return z.array(Schema).optional();
  },
  get oneOf() {
    return z.array(Schema).optional();
  },
  get allOf() {
    return z.array(Schema).optional();
  },
});

const Example = z.unknown().optional();
const Content = z.record(
  z.string(),
  z.object({
    schema: Schema.optional(),
    example: Example,
    examples: z.record(z.string(), z.object({ value: Example })).optional(),
  }),
);
const Parameter = z.object({
  name: z.string(),
  in: z.enum(["path", "query", "header", "cookie"]),
  required: z.boolean().default(false),
  description: z.string().optional(),
  example: Example,
  schema: Schema.optional(),
});
export type Parameter = z.infer<typeof Parameter>;
const Response = z.object({
  description: z.string(),
  headers: z.record(z.string(), z.object({ description: z.string().optional() })).optional(),
  content: Content.optional(),
});
export type Response = z.infer<typeof Response>;
const Operation = z.object({
  operationId: z.string(),
  summary: z.string(),
  description: z.string().optional(),
  tags: z.array(z.string()).min(1),
  parameters: z.array(Parameter).default([]),
  requestBody: z.object({ required: z.boolean().default(false), content: Content }).optional(),
  responses: z.record(z.string(), Response),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
});
const ProblemType = z.object({ code: z.string(), status: z.int(), title: z.string(), detail: z.string().optional() });
export type ProblemType = z.infer<typeof ProblemType>;

const METHODS = ["get", "post", "put", "patch", "delete"] as const;
const PathItem = z.object(
  Object.fromEntries(METHODS.map((method) => [method, Operation.optional()])) as Record<
    (typeof METHODS)[number],
    z.ZodOptional<typeof Operation>
  >,
);
const Document = z.object({
  info: z.object({ title: z.string(), version: z.string(), description: z.string().default("") }),
  paths: z.record(z.string(), PathItem),
  components: z.object({ schemas: z.record(z.string(), Schema).default({}) }).default({ schemas: {} }),
  "x-problem-types": z.array(ProblemType).default([]),
});

export type Operation = z.infer<typeof Operation> & { method: string; path: string };
/** The description of the API, in the order in which a page tells it. */
export type ApiDescription = {
  about: string;
  groups: readonly { tag: string; operations: readonly Operation[] }[];
  schemas: Readonly<Record<string, Schema>>;
  problems: readonly ProblemType[];
};

/** Of the server itself: whoever reads came to hire. */
const LAST: readonly string[] = ["Development", "Server", "Operator"];

/** Reads an OpenAPI 3.1 document. Throws on one that is none. */
export function readDocument(json: unknown): ApiDescription {
  const { info, paths, components, "x-problem-types": problems } = Document.parse(json);
  const byTag = new Map<string, Operation[]>();
  for (const [path, item] of Object.entries(paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      const [tag] = operation?.tags ?? [];
      if (operation && tag)
        byTag.set(tag, [...(byTag.get(tag) ?? []), { ...operation, method: method.toUpperCase(), path }]);
    }
  }
  const groups = [...byTag]
    .map(([tag, operations]) => ({ tag, operations }))
    .sort((a, b) => LAST.indexOf(a.tag) - LAST.indexOf(b.tag));
  return { about: info.description, groups, schemas: components.schemas, problems };
}

const COMPONENT = "#/components/schemas/";

/** The schema that is meant, and its name where it has one. */
export function resolved(schema: Schema, schemas: ApiDescription["schemas"]): { name: string | null; schema: Schema } {
  if (!schema.$ref?.startsWith(COMPONENT)) return { name: null, schema };
  const name = schema.$ref.slice(COMPONENT.length);
  return { name, schema: schemas[name] ?? {} };
}

/** What stands in a body of this content, for somebody to begin with. */
export function exampleOf(content: z.infer<typeof Content> | undefined): unknown {
  const [body] = Object.values(content ?? {});
  return body?.example ?? Object.values(body?.examples ?? {})[0]?.value;
}
