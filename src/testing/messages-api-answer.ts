import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { type MessageRequest, promptText, thinksFirst, userText } from "./messages-api-request";
import type { Fault, Purpose } from "./messages-api-script";

/** A word in a request that the judge of this server turns down. */
export const UNACCEPTABLE_WORD = "counterfeit";

type Answer = { text: string; stopReason: "end_turn" | "max_tokens" | "refusal" };

/** What the model of this server says: a judgement by one forbidden word, or some Markdown; unless the script says else. */
export function answerTo(request: MessageRequest, purpose: Purpose, fault: Fault | undefined): Answer {
  if (fault?.kind === "refusal") return { text: fault.text, stopReason: "refusal" };
  if (fault?.kind === "text") return { text: fault.text, stopReason: "end_turn" };
  const usual = { judge: judgement(userText(request)), demo: TASTE, work: WORK, chat: REMARK }[purpose];
  if (fault?.kind === "maxTokens") {
    return { text: fault.text ?? usual.slice(0, Math.ceil(usual.length / 2)), stopReason: "max_tokens" };
  }
  return { text: usual, stopReason: "end_turn" };
}

const judgement = (text: string): string =>
  text.includes(UNACCEPTABLE_WORD)
    ? JSON.stringify({ verdict: "unacceptable", reason: "Timmy does not help with counterfeits." })
    : JSON.stringify({ verdict: "acceptable", reason: "" });

const WORK =
  "## An answer\n\nThe mempool is where *unconfirmed* transactions wait for a block — 🧙 patiently.\n\n1. One\n2. Two\n";

const REMARK = "Well met. The kettle is on.";

const TASTE = "A taste, then: patience. The rest is paid work.";

/** The final message of a call that is not streamed. */
export const wholeMessage = (request: MessageRequest, { text, stopReason }: Answer) => ({
  ...envelope(request),
  content: [
    ...(thinksFirst(request) ? [{ type: "thinking", thinking: "", signature: "c2ln" }] : []),
    ...textBlocks(text),
  ],
  stop_reason: stopReason,
  usage: usage(request, text),
});

/** The events of a streamed call, in the order of the real server, cut short as the fault says. */
export async function streamMessage(
  reply: ServerResponse,
  request: MessageRequest,
  { text, stopReason }: Answer,
  fault: Fault | undefined,
): Promise<void> {
  const send = (type: string, data: object) =>
    reply.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  const total = usage(request, text);
  reply.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
  send("message_start", {
    message: { ...envelope(request), content: [], stop_reason: null, usage: { ...total, output_tokens: 1 } },
  });
  let index = 0;
  if (thinksFirst(request)) {
    send("content_block_start", { index, content_block: { type: "thinking", thinking: "", signature: "" } });
    send("content_block_delta", { index, delta: { type: "thinking_delta", thinking: "A visitor asks …" } });
    send("content_block_delta", { index, delta: { type: "signature_delta", signature: "c2ln" } });
    send("content_block_stop", { index });
    index += 1;
  }
  send("ping", {});
  const pieces = text.match(/\S+\s*|\s+/g) ?? [];
  if (pieces.length > 0) send("content_block_start", { index, content_block: { type: "text", text: "" } });
  for (const [at, piece] of pieces.entries()) {
    if (at >= pieces.length / 2 && cutsShort(reply, fault, send)) return;
    if (fault?.kind !== "burst") await pause(fault?.kind === "slow" ? fault.pieceMs : 1);
    if (reply.destroyed) return;
    send("content_block_delta", { index, delta: { type: "text_delta", text: piece } });
  }
  if (pieces.length > 0) send("content_block_stop", { index });
  send("message_delta", { delta: { stop_reason: stopReason, stop_sequence: null }, usage: total });
  send("message_stop", {});
  reply.end();
}

function cutsShort(
  reply: ServerResponse,
  fault: Fault | undefined,
  send: (type: string, data: object) => void,
): boolean {
  switch (fault?.kind) {
    case "brokenStream":
      reply.destroy();
      return true;
    case "endedStream":
      reply.end();
      return true;
    case "stalledStream":
      return true;
    case "errorEvent":
      send("error", { error: { type: "overloaded_error", message: "Overloaded" } });
      reply.end();
      return true;
    default:
      return false;
  }
}

const envelope = ({ model }: MessageRequest) => ({
  id: "msg_01",
  type: "message",
  role: "assistant",
  model,
  stop_sequence: null,
});

const textBlocks = (text: string) => (text === "" ? [] : [{ type: "text", text, citations: null }]);

const BYTES_PER_TOKEN = 3;
const THINKING_TOKENS = 20;
const tokens = (text: string) => Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);

const usage = (request: MessageRequest, text: string) => ({
  input_tokens: tokens(promptText(request)) + 10,
  output_tokens: tokens(text) + (thinksFirst(request) ? THINKING_TOKENS : 0),
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
});
