"use client";

import { LostPage } from "~/ui/controls/lost-page";
import { lost } from "~/ui/texts/lost";

export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  return <LostPage {...lost.error} again={reset} />;
}
