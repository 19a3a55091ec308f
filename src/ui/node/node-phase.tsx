"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import type { WatchedBootstrap } from "~/modules/bootstrap/bootstrap-schema";
import { buttonClass } from "~/ui/controls/button";
import { Icon } from "~/ui/controls/icon";
import { PaymentPanel } from "~/ui/pay/payment-panel";
import { useEstimate } from "~/ui/start/use-estimate";
import { bootstrapTexts } from "~/ui/texts/bootstrap";
import { Making } from "./making";
import { NodeClaim } from "./node-claim";
import styles from "./node-page.module.css";
import { ReadyNode } from "./ready-node";
import type { NodeOrder } from "./use-node";

const t = bootstrapTexts;
type Props = { node: NodeOrder; view: WatchedBootstrap };

/** What is happening to the order now, or what became of it. */
export function NodePhase({ node, view }: Props) {
  switch (view.state) {
    case "awaiting_payment":
      return <Payment node={node} view={view} />;
    case "provisioning":
      return <Making view={view} />;
    case "ready":
      return (
        <>
          <ReadyNode node={node} view={view} />
          <Owed node={node} view={view} />
        </>
      );
    case "failed":
      return <Failed node={node} view={view} />;
    case "expired":
      return <Expired node={node} view={view} />;
  }
}

function Payment({ node, view }: Props) {
  const { estimate } = useEstimate(null);
  return (
    <div className={styles.pay}>
      <div className={styles.panel}>
        <PaymentPanel
          heading={t.pay.heading}
          text={t.pay.text}
          invoice={view.invoice}
          btcPriceUsd={estimate?.btcPriceUsd}
          onTimeUp={node.lookNow}
          leaving={t.page.leaving}
        />
      </div>
      <section className={styles.terms} aria-labelledby="terms-heading">
        <h2 id="terms-heading">{t.termsHeading}</h2>
        <p>{view.terms}</p>
        <h2>{t.knowHeading}</h2>
        <ul>
          {t.know.map((text) => (
            <li key={text}>
              <Icon name="hand" />
              <p>{text}</p>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

function Failed({ node, view }: Props) {
  return (
    <Over node={node} view={view} heading={t.failed.heading} again={t.failed.again}>
      {view.errorMessage !== undefined && <p className={styles.said}>{view.errorMessage}</p>}
      <p className={styles.dim}>{view.owedSats > 0 ? t.failed.money : t.failed.moneyBack}</p>
    </Over>
  );
}

function Expired({ node, view }: Props) {
  return (
    <Over node={node} view={view} heading={t.expired.heading} again={t.expired.again}>
      <p>{t.expired.text}</p>
      {view.owedSats === 0 && <p className={styles.dim}>{t.expired.money}</p>}
    </Over>
  );
}

/** An end without a node: what happened, what it means for the money, what to do now. */
function Over({
  node,
  view,
  heading,
  again,
  children,
}: Props & { heading: string; again: string; children: ReactNode }) {
  return (
    <section className={styles.over} data-state={view.state}>
      <h2 tabIndex={-1} data-takes-focus>
        <Icon name={view.state === "failed" ? "warning" : "hourglass"} size={28} />
        {heading}
      </h2>
      {children}
      <Owed node={node} view={view} />
      <div>
        <Link href="/bootstrap" className={buttonClass(view.owedSats > 0 ? "plain" : "primary")}>
          {again}
        </Link>
      </div>
    </section>
  );
}

function Owed({ node, view }: Props) {
  if (view.owedSats === 0 && view.payout === undefined) return null;
  return (
    <div className={styles.panel}>
      <NodeClaim node={node} view={view} />
    </div>
  );
}
