"use client";

import Link from "next/link";
import { useId, useState } from "react";
import { Button, buttonClass } from "~/ui/controls/button";
import { ConnectionState } from "~/ui/job/connection-state";
import type { KnownSession } from "~/ui/known-sessions/known-sessions";
import { useKnownSessions } from "~/ui/known-sessions/use-known-sessions";
import { PaymentPanel } from "~/ui/pay/payment-panel";
import { AnswerNow } from "~/ui/session/answer-now";
import { AskBox } from "~/ui/session/ask-box";
import { BalanceCard } from "~/ui/session/balance-card";
import { RequestHistory } from "~/ui/session/request-history";
import { SessionClaim } from "~/ui/session/session-claim";
import { TopUp } from "~/ui/session/top-up";
import { useAsking } from "~/ui/session/use-asking";
import { paysFirst, type Session, useSession } from "~/ui/session/use-session";
import { useEstimate } from "~/ui/start/use-estimate";
import { texts } from "~/ui/texts";
import { sessionTexts } from "~/ui/texts/sessions";
import styles from "./session-panel.module.css";

const t = sessionTexts.panel;
const LAST_ANSWERS = 3;

/** The session wallet beside the room: balance, asking, topping up. The newest session unless another is chosen. */
export function SessionPanel() {
  const sessions = useKnownSessions();
  const [chosen, setChosen] = useState<string | null>(null);
  const chooser = useId();
  const keys = sessions.find(({ sessionId }) => sessionId === chosen) ?? sessions[0];
  if (!keys) {
    return (
      <div className={styles.panel}>
        <p>{t.invite}</p>
        <Link href="/sessions" className={buttonClass("primary")}>
          {t.open}
        </Link>
      </div>
    );
  }
  return (
    <div className={styles.panel}>
      {sessions.length > 1 && (
        <div className={styles.choose}>
          <label htmlFor={chooser}>{t.choose}</label>
          <select id={chooser} value={keys.sessionId} onChange={(event) => setChosen(event.target.value)}>
            {sessions.map(({ sessionId }) => (
              <option key={sessionId} value={sessionId}>
                {sessionTexts.list.name(sessionId.slice(0, 4))}
              </option>
            ))}
          </select>
        </div>
      )}
      <Wallet key={keys.sessionId} keys={keys} />
      <Link href={`/sessions/${keys.sessionId}`} className={buttonClass("quiet")}>
        {t.whole}
      </Link>
    </div>
  );
}

function Wallet({ keys }: { keys: KnownSession }) {
  const session = useSession(keys);
  const { estimate } = useEstimate(null);
  const { view } = session;
  if (session.unknown) return <p>{texts.lost.session.text}</p>;
  if (!view) return <ConnectionState state={session.connection} known={false} />;
  if (view.depositInvoice) {
    return (
      <PaymentPanel
        heading={sessionTexts.deposit.heading}
        text={sessionTexts.deposit.text}
        invoice={view.depositInvoice}
        btcPriceUsd={estimate?.btcPriceUsd}
        onTimeUp={session.lookNow}
        leaving={sessionTexts.page.leaving}
      />
    );
  }
  if (view.state === "expired") {
    return (
      <>
        <p>{sessionTexts.expired.text}</p>
        <Link href="/sessions" className={buttonClass("primary")}>
          {t.open}
        </Link>
      </>
    );
  }
  return <OpenWallet session={session} view={view} btcPriceUsd={estimate?.btcPriceUsd} />;
}

type WalletProps = { session: Session; view: NonNullable<Session["view"]>; btcPriceUsd: number | undefined };

function OpenWallet({ session, view, btcPriceUsd }: WalletProps) {
  const { keys, authorization, lookNow } = session;
  const asking = useAsking(keys.sessionId, authorization, lookNow);
  const [toppingUp, setToppingUp] = useState<number | true | null>(null);
  const closed = view.state === "closed";
  const outcome = asking.asking?.outcome ?? null;
  const answered = outcome && "answer" in outcome ? outcome.answer.requestId : null;
  const wanted = typeof toppingUp === "number" ? toppingUp : null;
  return (
    <>
      {!closed && <BalanceCard view={view} btcPriceUsd={btcPriceUsd} />}
      {closed && <p>{sessionTexts.close.done}</p>}
      {view.owedSats > 0 && <SessionClaim session={session} view={view} />}
      {!closed && (toppingUp !== null || view.pendingTopup) ? (
        <TopUp session={session} btcPriceUsd={btcPriceUsd} wanted={wanted} />
      ) : (
        !closed && <Button onClick={() => setToppingUp(true)}>{sessionTexts.topup.heading}</Button>
      )}
      {!closed && <AskBox asking={asking} payingFirst={paysFirst(view)} onTopUp={setToppingUp} />}
      {asking.asking && <AnswerNow asking={asking.asking} />}
      <section className={styles.last} aria-label={t.last}>
        <RequestHistory session={session} except={answered} busy={asking.busy} most={LAST_ANSWERS} />
      </section>
    </>
  );
}
