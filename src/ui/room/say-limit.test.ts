import { expect, test } from "vitest";
import { CHAT_MAX_CHARACTERS } from "~/modules/workshop/chat-text";
import { SAY_LIMIT } from "./say-limit";

test("the bar takes as many characters as the server does", () => {
  expect(SAY_LIMIT).toBe(CHAT_MAX_CHARACTERS);
});
