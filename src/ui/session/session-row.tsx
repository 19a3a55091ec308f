"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { problemOf } from "~/ui/api/problem";
import { useTRPC } from "~/ui/api/trpc";
import { satsText } from "~/ui/controls/amounts";
import { Button } from "~/ui/controls/button";
import { LocalTime } from "~/ui/controls/local-time";
import { forgetSession, type KnownSession } from "~/ui/known-sessions/known-sessions";
import { sessionTexts } from "~/ui/texts/sessions";
import styles from "./sessions-page.module.css";

const t = sessionTexts;

export function SessionRow({ session }: { session: KnownSession }) {
  const trpc = useTRPC();
  const { sessionId: id, refundToken, createdAt } = session;
  // Always asked anew: what was true on the last visit to this page may be long past.
  const view = useQuery(trpc.sessions.peek.queryOptions({ id }, { trpc: { context: { refundToken } }, staleTime: 0 }));
  const gone = view.isError && problemOf(view.error).status === 404;
  const state = view.data?.state;
  const name = t.list.name(id.slice(0, 4));

  return (
    <li className={styles.row}>
      {gone ? (
        <span className={styles.name}>{name}</span>
      ) : (
        <Link href={`/sessions/${id}`} className={styles.name}>
          {name}
        </Link>
      )}
      <span className={styles.date}>
        <LocalTime iso={createdAt} />
      </span>
      <span className={styles.state} data-state={state}>
        {gone ? t.list.gone : state ? t.states[state] : view.isError ? t.list.unreached : "…"}
        {view.data && view.data.owedSats > 0 && (
          <span className={styles.sum}>{t.list.owed(satsText(view.data.owedSats))}</span>
        )}
        {view.data && (state === "active" || state === "paused") && (
          <span className={styles.sum}>{t.list.balance(satsText(view.data.balanceSats))}</span>
        )}
      </span>
      {gone && (
        <Button look="quiet" aria-label={t.list.forgetOne(name)} onClick={() => forgetSession(id)}>
          {t.list.forget}
        </Button>
      )}
    </li>
  );
}
