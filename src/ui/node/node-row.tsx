"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { problemOf } from "~/ui/api/problem";
import { useTRPC } from "~/ui/api/trpc";
import { satsText } from "~/ui/controls/amounts";
import { Button } from "~/ui/controls/button";
import { LocalTime } from "~/ui/controls/local-time";
import { forgetNode, type KnownNode } from "~/ui/known-nodes/known-nodes";
import { bootstrapTexts } from "~/ui/texts/bootstrap";
import styles from "./bootstrap-page.module.css";

const t = bootstrapTexts;

export function NodeRow({ node }: { node: KnownNode }) {
  const trpc = useTRPC();
  const { bootstrapJobId, refundToken, createdAt } = node;
  // Always asked anew: what was true on the last visit to this page may be long past. Takes no key.
  const view = useQuery(
    trpc.bootstrap.peek.queryOptions({ bootstrapJobId }, { trpc: { context: { refundToken } }, staleTime: 0 }),
  );
  const gone = view.isError && problemOf(view.error).status === 404;
  const name = t.list.name(bootstrapJobId.slice(0, 4));

  return (
    <li className={styles.row}>
      {gone ? (
        <span className={styles.name}>{name}</span>
      ) : (
        <Link href={`/bootstrap/${bootstrapJobId}`} className={styles.name}>
          {name}
        </Link>
      )}
      <span className={styles.date}>
        <LocalTime iso={createdAt} />
      </span>
      <span className={styles.state}>
        {gone ? t.list.gone : view.data ? t.states[view.data.state] : view.isError ? t.list.unreached : "…"}
        {view.data && view.data.owedSats > 0 && (
          <span className={styles.sum}>{t.list.owed(satsText(view.data.owedSats))}</span>
        )}
        {view.data?.sshKeyWaiting && <span className={styles.sum}>{t.list.keyWaits}</span>}
      </span>
      {gone && (
        <Button look="quiet" aria-label={t.list.forgetOne(name)} onClick={() => forgetNode(bootstrapJobId)}>
          {t.list.forget}
        </Button>
      )}
    </li>
  );
}
