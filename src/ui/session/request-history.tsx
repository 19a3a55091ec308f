"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "~/ui/api/trpc";
import { satsText } from "~/ui/controls/amounts";
import { Button } from "~/ui/controls/button";
import { LocalTime } from "~/ui/controls/local-time";
import { Notice } from "~/ui/controls/notice";
import { sessionTexts } from "~/ui/texts/sessions";
import styles from "./request-history.module.css";
import { RequestOutcome } from "./request-outcome";
import type { Session } from "./use-session";

const t = sessionTexts.history;
const RUNNING_ASK_MS = 1_500;

type Props = {
  session: Session;
  /** Shown elsewhere already. */
  except: string | null;
  /** Something is being asked in this page: what is running is shown elsewhere. */
  busy: boolean;
  most?: number;
};

/** Everything that was asked, the newest first; each opens to its answer and its receipt. */
export function RequestHistory({ session, except, busy, most }: Props) {
  const { requests, older } = session;
  const shown = requests
    .filter(({ requestId, state }) => requestId !== except && !(busy && state === "running"))
    .slice(0, most);
  if (shown.length === 0) return <p className={styles.empty}>{except === null && !busy ? t.empty : t.nothingElse}</p>;
  return (
    <>
      <ul className={styles.list}>
        {shown.map((request) => (
          <Entry key={request.requestId} request={request} session={session} />
        ))}
      </ul>
      {most === undefined && older.has && (
        <div>
          <Button look="quiet" busy={older.fetching} onClick={older.fetch}>
            {older.fetching ? t.loadingMore : t.more}
          </Button>
        </div>
      )}
    </>
  );
}

function Entry({ request, session }: { request: Session["requests"][number]; session: Session }) {
  const { state } = request;
  // What is still at work is what one came to see.
  const [open, setOpen] = useState(state === "running");
  return (
    <li className={styles.entry}>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span className={styles.title}>{request.request ?? t.untitled}</span>
          <span className={styles.facts}>
            <span>
              <LocalTime iso={request.createdAt} />
            </span>
            <span data-state={state}>{t.states[state]}</span>
            {state !== "running" && <span className="amount">{satsText(request.debitedSats)}</span>}
          </span>
        </summary>
        {open && (
          <div className={styles.inside}>
            <Fetched request={request} session={session} />
          </div>
        )}
      </details>
    </li>
  );
}

function Fetched({
  request: { requestId, state },
  session,
}: {
  request: Session["requests"][number];
  session: Session;
}) {
  const trpc = useTRPC();
  const answer = useQuery(
    trpc.sessions.getRequest.queryOptions(
      { id: session.keys.sessionId, requestId },
      {
        trpc: { context: { authorization: session.authorization } },
        staleTime: state === "running" ? 0 : Number.POSITIVE_INFINITY,
        refetchInterval: ({ state: { data } }) => (data?.state === "running" ? RUNNING_ASK_MS : false),
      },
    ),
  );
  if (answer.data) return <RequestOutcome answer={answer.data} />;
  return answer.isError ? <Notice look="rue">{t.unreached}</Notice> : <p className={styles.empty}>…</p>;
}
