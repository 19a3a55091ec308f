"use client";

import { useQuery } from "@tanstack/react-query";
import { problemWords } from "~/ui/api/problem-words";
import { useTRPC } from "~/ui/api/trpc";
import { fiatText, satsText, wholeNumber } from "~/ui/controls/amounts";
import { Button } from "~/ui/controls/button";
import { Notice } from "~/ui/controls/notice";
import offerStyles from "~/ui/site/offer.module.css";
import { useEstimate } from "~/ui/start/use-estimate";
import { texts } from "~/ui/texts";
import { bootstrapTexts } from "~/ui/texts/bootstrap";
import styles from "./bootstrap-page.module.css";
import { useOrdering } from "./use-ordering";

const t = bootstrapTexts;

/** What is sold, for how long, at what price: all of it before anything is ordered. */
export function OrderNode() {
  const trpc = useTRPC();
  const offer = useQuery(trpc.bootstrap.offer.queryOptions());
  const { estimate } = useEstimate(null);
  const { order, ordering, problem } = useOrdering();
  const sold = offer.data;
  const fee = sold && satsText(sold.feeSats);

  return (
    <section className={offerStyles.offer} aria-labelledby="order-heading">
      <h2 id="order-heading">{t.order.heading}</h2>
      <p className={styles.price}>
        <span className="amount">{sold ? wholeNumber(sold.feeSats) : "…"}</span> sats
        <small>
          {sold && estimate && `${fiatText(sold.feeSats, estimate.btcPriceUsd)}, `}
          {t.order.once}
        </small>
      </p>
      <div className={styles.terms}>
        <h3>{t.termsHeading}</h3>
        <p>{sold?.terms ?? "…"}</p>
        {sold && <p>{t.back(wholeNumber(Math.ceil(sold.timeoutSeconds / 60)))}</p>}
      </div>
      {sold && !sold.available ? (
        <Notice look="calm">{texts.problems.BOOTSTRAP_UNAVAILABLE}</Notice>
      ) : (
        <>
          <Button look="primary" busy={ordering} onClick={() => void order()}>
            {ordering ? t.order.submitting : fee ? t.order.submit(fee) : t.order.submitNoPrice}
          </Button>
          {sold?.stubMode && <Notice look="calm">{t.order.stub}</Notice>}
        </>
      )}
      {problem && <Notice look="rue">{problemWords(problem)}</Notice>}
      <p className={offerStyles.small}>{offer.isError ? t.order.failed : t.order.note}</p>
    </section>
  );
}
