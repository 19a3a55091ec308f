"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "~/ui/api/trpc";
import { satsText, wholeNumber } from "~/ui/controls/amounts";
import { Button } from "~/ui/controls/button";
import { CopyButton } from "~/ui/controls/copy-button";
import { loginTexts } from "~/ui/texts/login";
import styles from "./login.module.css";
import { forgetLogin } from "./login-store";

const t = loginTexts.profile;

/** The standing of the visitor's key: trust, score, what is left for today, what the pool has paid. */
export function ProfileCard({ pubkey }: { pubkey: string }) {
  const trpc = useTRPC();
  const me = useQuery(trpc.identity.me.queryOptions(undefined, { staleTime: 0 }));
  return (
    <section className={styles.profile} aria-label={t.heading}>
      <h2>{t.heading}</h2>
      <p className={styles.key}>
        <span className="for-screen-readers">{t.key}: </span>
        <code>
          {pubkey.slice(0, 8)}…{pubkey.slice(-8)}
        </code>
        <CopyButton look="quiet" text={() => pubkey}>
          {t.key}
        </CopyButton>
      </p>
      {me.data ? (
        <dl>
          <Row name={t.tier} value={loginTexts.tiers[me.data.trust_tier]} />
          <Row name={t.score} value={wholeNumber(me.data.trust_score)} />
          <Row name={t.interactions} value={wholeNumber(me.data.interaction_count)} />
          <Row name={t.budget} value={budgetText(me.data)} />
          <Row name={t.paidToday} value={satsText(me.data.sats_absorbed_today)} />
        </dl>
      ) : (
        <p role="status">{me.isError ? t.unreached : t.loading}</p>
      )}
      <p className={styles.small}>{t.more}</p>
      <Button onClick={() => forgetLogin()}>{t.logOut}</Button>
    </section>
  );
}

const Row = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd className="amount">{value}</dd>
  </div>
);

function budgetText(me: { sats_absorbed_today: number; daily_budget_sats: number }): string {
  if (me.daily_budget_sats === 0) return t.budgetNone;
  const left = Math.max(0, me.daily_budget_sats - me.sats_absorbed_today);
  return t.budgetOf(wholeNumber(left), satsText(me.daily_budget_sats));
}
