"use client";

import { Button } from "~/ui/controls/button";
import { Icon } from "~/ui/controls/icon";
import { InCode } from "~/ui/controls/in-code";
import { Notice } from "~/ui/controls/notice";
import { adminTexts } from "~/ui/texts/admin";
import styles from "./admin.module.css";
import { When } from "./facts";
import { FailingTasks } from "./failing-tasks";
import { ActsPart, ProcessesPart, WalletPart, WorkPart } from "./machinery";
import { Money } from "./money";
import { Payouts } from "./payouts";
import type { useNodeStatus } from "./use-node-status";

const t = adminTexts;
type Props = { token: string; query: ReturnType<typeof useNodeStatus>; onLeave: () => void };

/** Whatever is wrong first; then everything else. */
export function Room({ token, query, onLeave }: Props) {
  const status = query.data?.status;
  return (
    <>
      <div className={styles.bar}>
        <p className={styles.hint}>
          {status ? (
            <>
              {t.checked} <When iso={status.checkedAt} />
            </>
          ) : (
            <span role="status">{t.loading}</span>
          )}
        </p>
        <Button busy={query.isFetching} onClick={() => void query.refetch()}>
          {t.refresh}
        </Button>
        <Button look="quiet" onClick={onLeave}>
          {t.token.leave}
        </Button>
      </div>
      {query.isError && <Notice look="rue">{t.failed}</Notice>}
      {status && (
        <>
          <section aria-label={t.problems(status.problems.length)} className={styles.problems}>
            <h2>{status.problems.length === 0 ? t.well : t.problems(status.problems.length)}</h2>
            {status.problems.map(({ code, what, whatToDo }) => (
              <article key={`${code} ${what}`} className={styles.problem}>
                <Icon name="warning" />
                <div>
                  <h3>{code}</h3>
                  <p>
                    <InCode>{what}</InCode>
                  </p>
                  <p>
                    <b>{t.whatToDo}</b> <InCode>{whatToDo}</InCode>
                  </p>
                </div>
              </article>
            ))}
          </section>
          <div className={styles.columns}>
            <div>
              <Payouts token={token} payouts={status.payouts} />
              <Money token={token} status={status} />
            </div>
            <div>
              <FailingTasks token={token} tasks={status.queue.failing} />
              <WalletPart status={status} />
              <WorkPart status={status} />
              <ProcessesPart processes={status.processes} />
              <ActsPart acts={status.acts} />
            </div>
          </div>
        </>
      )}
    </>
  );
}
