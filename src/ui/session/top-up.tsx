"use client";

import { type FormEvent, useState } from "react";
import { z } from "zod";
import { InvoiceOnWire } from "~/modules/orders/order-schema";
import { type Problem, problemOf } from "~/ui/api/problem";
import { problemWords } from "~/ui/api/problem-words";
import { useTRPCClient } from "~/ui/api/trpc";
import { askingDone, askingKey } from "~/ui/ask/asking-key";
import { satsText } from "~/ui/controls/amounts";
import { Button } from "~/ui/controls/button";
import { Notice } from "~/ui/controls/notice";
import { PaymentPanel } from "~/ui/pay/payment-panel";
import { sessionTexts } from "~/ui/texts/sessions";
import { AmountField, amountIn } from "./amount-field";
import styles from "./top-up.module.css";
import { paysFirst, type Session } from "./use-session";

const t = sessionTexts.topup;
type Invoice = z.infer<typeof InvoiceOnWire>;
/** The 409 brings the invoice that waits. */
const Pending = z.object({ data: z.object({ code: z.literal("TOPUP_PENDING"), pendingTopup: InvoiceOnWire }) });

type Props = {
  session: Session;
  btcPriceUsd: number | undefined;
  /** What somebody was just told to add. */
  wanted: number | null;
};

/** Adds to the balance: first how much, then the invoice, then what came of it. */
export function TopUp({ session, btcPriceUsd, wanted }: Props) {
  const { view, lookNow } = session;
  const waiting = view?.pendingTopup ?? null;
  const balanceSats = view?.balanceSats ?? 0;
  const [made, setMade] = useState<{ invoice: Invoice; wasWaiting: boolean } | null>(null);
  const [shown, setShown] = useState<{ paymentHash: string; balanceSats: number; known: boolean } | null>(null);

  // Until the server's word has caught up, what was just made is shown; after that only what the server knows of.
  const caughtUp = made !== null && shown?.paymentHash === made.invoice.paymentHash && shown.known;
  const invoice = waiting ?? (made && !caughtUp ? made.invoice : null);
  if (invoice && (shown?.paymentHash !== invoice.paymentHash || (waiting && !shown.known))) {
    const same = shown?.paymentHash === invoice.paymentHash;
    setShown({
      paymentHash: invoice.paymentHash,
      balanceSats: same ? shown.balanceSats : balanceSats,
      known: waiting !== null,
    });
  }

  if (invoice) {
    return (
      <PaymentPanel
        key={invoice.paymentHash}
        heading={t.payHeading}
        text={made?.wasWaiting ? t.pending : t.payText}
        invoice={invoice}
        btcPriceUsd={btcPriceUsd}
        onTimeUp={lookNow}
        leaving={sessionTexts.page.leaving}
      />
    );
  }
  return (
    <>
      <div role="status">
        {shown !== null && balanceSats > shown.balanceSats && (
          <Notice look="calm" icon="tick">
            {t.paid(satsText(balanceSats))}
          </Notice>
        )}
      </div>
      <TopUpForm
        key={wanted ?? "any"}
        session={session}
        wanted={wanted}
        onMade={(invoice, wasWaiting) => {
          setMade({ invoice, wasWaiting });
          lookNow();
        }}
      />
    </>
  );
}

type FormProps = { session: Session; wanted: number | null; onMade: (invoice: Invoice, wasWaiting: boolean) => void };

function TopUpForm({ session, wanted, onMade }: FormProps) {
  const client = useTRPCClient();
  const [text, setText] = useState(String(wanted ?? 1000));
  const [making, setMaking] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const amountSats = amountIn(text);
  const { sessionId } = session.keys;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (amountSats === null || making) return;
    setMaking(true);
    setProblem(null);
    const place = "timmy.topping-up";
    const idempotencyKey = askingKey(`${sessionId} ${amountSats}`, window.sessionStorage, place);
    const context = { authorization: session.authorization, idempotencyKey };
    try {
      const { topupInvoice } = await client.sessions.topup.mutate({ id: sessionId, amountSats }, { context });
      onMade(topupInvoice, false);
      askingDone(window.sessionStorage, place);
    } catch (error) {
      const pending = Pending.safeParse(error).data?.data.pendingTopup;
      if (pending) onMade(pending, true);
      else setProblem(problemOf(error));
      // A refusal is kept under its key: asking again is another request.
      if (problemOf(error).status !== null) askingDone(window.sessionStorage, place);
    } finally {
      setMaking(false);
    }
  };

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <h2>{t.heading}</h2>
      <AmountField label={t.amount} text={text} fault={amountSats === null} onChange={setText} />
      <Button type="submit" look={session.view && paysFirst(session.view) ? "primary" : "plain"} busy={making}>
        {making ? t.submitting : t.submit(satsText(amountSats ?? 0))}
      </Button>
      {problem && <Notice look="rue">{problemWords(problem)}</Notice>}
    </form>
  );
}
