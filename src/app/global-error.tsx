"use client";

import { LostPage } from "~/ui/controls/lost-page";
import { lost } from "~/ui/texts/lost";
import "./globals.css";

/** For when even the layout fails: a page of its own. */
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <LostPage {...lost.error} again={reset} />
      </body>
    </html>
  );
}
