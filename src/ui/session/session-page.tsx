"use client";

import Link from "next/link";
import { useEffect, useRef, useState } from "react";
import { satsText } from "~/ui/controls/amounts";
import { buttonClass } from "~/ui/controls/button";
import { CopyButton } from "~/ui/controls/copy-button";
import { Icon } from "~/ui/controls/icon";
import { LostPage } from "~/ui/controls/lost-page";
import { ConnectionState } from "~/ui/job/connection-state";
import { useKeptFocus } from "~/ui/job/use-kept-focus";
import { type KnownSession, keysText } from "~/ui/known-sessions/known-sessions";
import { useSessionKeys } from "~/ui/known-sessions/use-known-sessions";
import { PaymentPanel } from "~/ui/pay/payment-panel";
import { PageFoot } from "~/ui/site/page-foot";
import { SitePage } from "~/ui/site/site-page";
import { useEstimate } from "~/ui/start/use-estimate";
import { texts } from "~/ui/texts";
import { sessionTexts } from "~/ui/texts/sessions";
import { AnswerNow } from "./answer-now";
import { AskBox } from "./ask-box";
import { BalanceCard } from "./balance-card";
import { CloseSession } from "./close-session";
import { RequestHistory } from "./request-history";
import { SessionClaim } from "./session-claim";
import { SessionKeys } from "./session-keys";
import styles from "./session-page.module.css";
import { TopUp } from "./top-up";
import { useAsking } from "./use-asking";
import { paysFirst, type Session, stateOf, useSession } from "./use-session";

const t = sessionTexts;

export function SessionPage({ sessionId }: { sessionId: string }) {
  const keys = useSessionKeys(sessionId);
  return (
    <SitePage>
      <h1 className={styles.heading}>{t.page.heading}</h1>
      {keys === null && <SessionKeys sessionId={sessionId} />}
      {keys && <KnownSessionPage keys={keys} />}
    </SitePage>
  );
}

function KnownSessionPage({ keys }: { keys: KnownSession }) {
  const session = useSession(keys);
  const place = useKeptFocus<HTMLDivElement>();
  const state = session.view && stateOf(session.view);
  const words = state ? t.states[state] : t.page.loading;

  useEffect(() => {
    document.title = `${words} · ${t.page.title} · ${texts.site.name}`;
  }, [words]);

  if (session.unknown) return <LostPage {...texts.lost.session} inPage />;
  return (
    <div ref={place} className={styles.session}>
      <p className="for-screen-readers" role="status" data-testid="state">
        {words}
      </p>
      <ConnectionState state={session.connection} known={session.view !== undefined} />
      <Phase session={session} />
      <PageFoot>
        <CopyButton look="quiet" text={() => keysText(keys)}>
          {t.keys.copy}
        </CopyButton>
        <small>{t.keys.note}</small>
      </PageFoot>
    </div>
  );
}

function Phase({ session }: { session: Session }) {
  const { view } = session;
  if (!view) return <div className={styles.loading} aria-hidden="true" />;
  switch (view.state) {
    case "awaiting_payment":
      return view.depositInvoice && <Deposit session={session} invoice={view.depositInvoice} />;
    case "expired":
      return <Expired session={session} view={view} />;
    case "active":
    case "paused":
    case "closed":
      return <PaidSession session={session} view={view} />;
  }
}

type View = NonNullable<Session["view"]>;

function Deposit({ session, invoice }: { session: Session; invoice: NonNullable<View["depositInvoice"]> }) {
  const { estimate } = useEstimate(null);
  return (
    <div className={styles.panel}>
      <PaymentPanel
        heading={t.deposit.heading}
        text={t.deposit.text}
        invoice={invoice}
        btcPriceUsd={estimate?.btcPriceUsd}
        onTimeUp={session.lookNow}
        leaving={t.page.leaving}
      >
        <CloseSession keys={session.keys} text={t.close.textUnpaid} onClosed={session.lookNow} />
      </PaymentPanel>
    </div>
  );
}

function Expired({ session, view }: { session: Session; view: View }) {
  return (
    <section className={styles.over}>
      <h2 tabIndex={-1} data-takes-focus>
        <Icon name="hourglass" size={28} />
        {t.expired.heading}
      </h2>
      <p>{t.expired.text}</p>
      {view.owedSats === 0 && <p className={styles.dim}>{t.expired.money}</p>}
      <SessionClaim session={session} view={view} />
      <div>
        <Link href="/sessions" className={buttonClass(view.owedSats > 0 ? "plain" : "primary")}>
          {t.expired.again}
        </Link>
      </div>
    </section>
  );
}

function PaidSession({ session, view }: { session: Session; view: View }) {
  const { keys, authorization, lookNow } = session;
  const asking = useAsking(keys.sessionId, authorization, lookNow);
  const { estimate } = useEstimate(null);
  const [wanted, setWanted] = useState<number | null>(null);
  const topUp = useRef<HTMLDivElement>(null);
  const closed = view.state === "closed";
  const outcome = asking.asking?.outcome ?? null;
  const answered = outcome && "answer" in outcome ? outcome.answer.requestId : null;

  return (
    <div className={styles.columns} data-state={stateOf(view)}>
      {!closed && (
        <div className={`${styles.balance} ${styles.panel}`}>
          <BalanceCard view={view} btcPriceUsd={estimate?.btcPriceUsd} />
        </div>
      )}
      <div className={styles.story}>
        {closed ? (
          <section className={styles.over}>
            <h2 tabIndex={-1} data-takes-focus>
              <Icon name="tick" size={28} />
              {t.close.doneHeading}
            </h2>
            <p>{t.close.done}</p>
            {view.owedSats === 0 && view.payout === undefined && <p className={styles.dim}>{t.close.doneNothing}</p>}
          </section>
        ) : (
          <AskBox
            asking={asking}
            payingFirst={paysFirst(view)}
            onTopUp={(amountSats) => {
              setWanted(amountSats);
              topUp.current?.scrollIntoView({ block: "center" });
              topUp.current?.focus();
            }}
          />
        )}
        {asking.asking && <AnswerNow asking={asking.asking} />}
        <section className={styles.history} aria-labelledby="history-heading">
          <h2 id="history-heading">{t.history.heading}</h2>
          <RequestHistory session={session} except={answered} busy={asking.busy} />
        </section>
      </div>
      <div className={styles.money}>
        {(view.owedSats > 0 || view.payout !== undefined) && (
          <div className={styles.panel}>
            <SessionClaim session={session} view={view} />
          </div>
        )}
        {!closed && (
          <div className={styles.panel} ref={topUp} tabIndex={-1}>
            <TopUp session={session} btcPriceUsd={estimate?.btcPriceUsd} wanted={wanted} />
          </div>
        )}
        {closed ? (
          <Link href="/sessions" className={buttonClass("plain")}>
            {t.close.again}
          </Link>
        ) : (
          <CloseSession keys={keys} text={t.close.text(satsText(view.balanceSats))} onClosed={lookNow} />
        )}
      </div>
    </div>
  );
}
