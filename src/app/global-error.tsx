"use client";

import { LostPage } from "~/ui/controls/lost-page";
import { texts } from "~/ui/texts";
import "./globals.css";

/** For when even the layout fails: a page of its own. */
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <LostPage {...texts.lost.error} again={reset} />
      </body>
    </html>
  );
}
