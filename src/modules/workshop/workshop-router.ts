import { tracked } from "@trpc/server";
import { z } from "zod";
import { procedure, router, takeStreamSlot } from "~/server/trpc";
import { Said, Say, WorkshopEvent } from "./workshop-schema";

export const workshopRouter = router({
  /** Says a line to Timmy; resolves with his answer. */
  say: procedure
    .input(Say)
    .output(Said)
    .mutation(({ ctx, input }) => ctx.container.workshop.say(ctx.clientKey(), input.text)),

  /** What goes on in the room. A lost connection resumes after the last line that arrived. */
  watch: procedure.input(z.object({ lastEventId: z.string().max(20).nullish() })).subscription(async function* ({
    ctx,
    input: { lastEventId },
    signal,
  }) {
    const left = signal ?? new AbortController().signal;
    const afterSeq = lastEventId && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : null;
    const release = takeStreamSlot(ctx);
    try {
      for await (const { seq, event } of ctx.container.workshop.watch(afterSeq, left)) {
        yield tracked(String(seq), WorkshopEvent.parse(event));
      }
    } finally {
      release();
    }
  }),
});
