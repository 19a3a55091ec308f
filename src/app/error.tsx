"use client";

import { LostPage } from "~/ui/controls/lost-page";
import { texts } from "~/ui/texts";

export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  return <LostPage {...texts.lost.error} again={reset} />;
}
