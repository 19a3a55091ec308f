import type { Database } from "~/db/client";
import type { Enqueue } from "~/db/queue";
import type { Clock } from "~/ports/clock";
import type { BooksService } from "./books-service";

const BOOKS_TASK = "prove-books";
const AGAIN_MS = 15_000;

/** The proof by the clock, and the alarm when it fails for good. */
export function booksTasks(deps: {
  db: Database;
  books: BooksService;
  enqueue: Enqueue;
  clock: Clock;
  alarm: () => void;
}) {
  return {
    /** A difference is looked at again soon, until it has gone or is proven. */
    async [BOOKS_TASK]() {
      const reading = await deps.books.takeReading();
      if (!reading || reading.ok) return;
      if (reading.provenWrong) return deps.alarm();
      const runAt = new Date(deps.clock.now().getTime() + AGAIN_MS);
      await deps.enqueue(deps.db.prisma, BOOKS_TASK, {}, { jobKey: "prove-books-again", runAt });
    },
  };
}
