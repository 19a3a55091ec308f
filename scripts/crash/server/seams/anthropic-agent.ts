import type { createAnthropicAgent as createReal } from "~/adapters/anthropic/anthropic-agent";

/** No real model is asked here, and to load its client would take a good part of each start. */
export const createAnthropicAgent: typeof createReal = () => {
  throw new Error("a server that is killed has no key for a model");
};
