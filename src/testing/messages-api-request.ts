import { z } from "zod";

/** A refusal of the server: HTTP status and the `error.type` and `error.message` of its body. */
export type ApiError = { status: number; type: string; message: string };

const textBlock = z.strictObject({ type: z.literal("text"), text: z.string().min(1) });
const content = z.union([z.string().min(1), z.array(textBlock).min(1)]);
const jsonSchema = z.looseObject({ type: z.literal("object"), additionalProperties: z.literal(false) });

/** What this server knows of the Messages API: anything else is an extra input, as it is there. */
const messageRequest = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.int().min(1).max(128_000),
  messages: z.array(z.strictObject({ role: z.enum(["user", "assistant"]), content })).min(1),
  system: content.optional(),
  stream: z.boolean().optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().optional(),
  top_k: z.int().optional(),
  stop_sequences: z.array(z.string()).optional(),
  metadata: z.strictObject({ user_id: z.string().nullish() }).optional(),
  thinking: z
    .discriminatedUnion("type", [
      z.strictObject({ type: z.literal("adaptive"), display: z.enum(["summarized", "omitted"]).nullish() }),
      z.strictObject({ type: z.literal("between_tools") }),
      z.strictObject({ type: z.literal("disabled") }),
      z.strictObject({ type: z.literal("enabled"), budget_tokens: z.int().min(1024) }),
    ])
    .optional(),
  output_config: z
    .strictObject({
      effort: z.enum(["low", "medium", "high", "xhigh", "max"]).nullish(),
      format: z.strictObject({ type: z.literal("json_schema"), schema: jsonSchema }).nullish(),
    })
    .optional(),
  tools: z.array(z.looseObject({ name: z.string() })).optional(),
  tool_choice: z.looseObject({ type: z.enum(["auto", "any", "tool", "none"]) }).optional(),
});
export type MessageRequest = z.infer<typeof messageRequest>;

/** Which `thinking.type` a model takes, and what else it refuses: the published migration guides, November 2026. */
const MODELS: Record<string, { thinking: readonly string[]; thinks: boolean; effort: boolean; forcedTools: boolean }> =
  {
    "claude-sonnet-5-5": { thinking: ["adaptive", "between_tools"], thinks: true, effort: true, forcedTools: false },
    "claude-haiku-5-5": { thinking: ["adaptive", "disabled"], thinks: true, effort: true, forcedTools: true },
    "claude-opus-5-5": { thinking: ["adaptive"], thinks: true, effort: true, forcedTools: false },
    "claude-haiku-4-5": { thinking: ["disabled", "enabled"], thinks: false, effort: false, forcedTools: true },
    "claude-sonnet-4-5": { thinking: ["disabled", "enabled"], thinks: false, effort: false, forcedTools: true },
  };

/**
 * Parses a body as the real server does, and says what that would refuse.
 * `gateway`: as a server of other models does, which knows no more than the bare protocol.
 */
export function readMessageRequest(body: string, { gateway = false } = {}): MessageRequest | ApiError {
  const json = parseJson(body);
  if (json === undefined) return invalid("The request body is not valid JSON");
  const parsed = messageRequest.safeParse(json);
  if (!parsed.success) return invalid(explain(parsed.error.issues[0]));
  const request = parsed.data;
  if (gateway) return request.thinking || request.output_config ? invalid("thinking, output_config: unknown") : request;
  const model = MODELS[request.model];
  if (!model) return { status: 404, type: "not_found_error", message: `model: ${request.model}` };
  if (request.messages.at(-1)?.role !== "user") return invalid("messages: must end with a user turn on this model");
  if (request.thinking && !model.thinking.includes(request.thinking.type)) {
    return invalid(`thinking.type: "${request.thinking.type}" is not supported on this model`);
  }
  const effort = request.output_config?.effort;
  if (effort && !model.effort) return invalid("output_config.effort: not supported on this model");
  const sampled = (request.temperature ?? 1) !== 1 || request.top_p !== undefined || request.top_k !== undefined;
  if (sampled && model.thinks) return invalid("temperature, top_p, top_k: only the default is supported on this model");
  const forced = request.tool_choice?.type === "any" || request.tool_choice?.type === "tool";
  if (forced && !model.forcedTools) return invalid("tool_choice: forced tool use is not supported on this model");
  return request;
}

export const isApiError = (value: MessageRequest | ApiError): value is ApiError => "status" in value;

/** Does a model that got this request think before it answers? */
export function thinksFirst({ model, thinking }: MessageRequest): boolean {
  if (thinking) return thinking.type === "adaptive" || thinking.type === "enabled";
  return MODELS[model]?.thinks ?? false;
}

/** The text of the last user turn: where this app puts what the visitor wrote. */
export function userText({ messages }: MessageRequest): string {
  const last = messages.at(-1)?.content ?? "";
  return typeof last === "string" ? last : last.map(({ text }) => text).join("");
}

/** All that a model would read. */
export function promptText(request: MessageRequest): string {
  const system = request.system ?? "";
  const systemText = typeof system === "string" ? system : system.map(({ text }) => text).join("");
  return systemText + userText(request);
}

const invalid = (message: string): ApiError => ({ status: 400, type: "invalid_request_error", message });

function explain(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === "unrecognized_keys") return `${issue.keys[0]}: Extra inputs are not permitted`;
  return `${issue?.path.join(".")}: ${issue?.message}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
