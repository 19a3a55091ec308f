"use client";

import { useKnownSessions } from "~/ui/known-sessions/use-known-sessions";
import { OrderList } from "~/ui/order-list/order-list";
import { sessionTexts } from "~/ui/texts/sessions";
import { SessionRow } from "./session-row";

const t = sessionTexts.list;

export function YourSessions() {
  return (
    <OrderList id="your-sessions" heading={t.heading} empty={t.empty}>
      {useKnownSessions().map((session) => (
        <SessionRow key={session.sessionId} session={session} />
      ))}
    </OrderList>
  );
}
