import type { NodeStatus } from "~/modules/operator/operator-schema";
import { satsText, wholeNumber } from "~/ui/controls/amounts";
import { adminTexts } from "~/ui/texts/admin";
import styles from "./admin.module.css";
import { Facts, Part, When } from "./facts";
import { msatText } from "./operator-words";
import { PoolTopup } from "./pool-topup";

const t = adminTexts.money;

/** The books with their proof, and what belongs to whom. */
export function Money({ token, status }: { token: string; status: NodeStatus }) {
  const { books, money } = status;
  return (
    <Part id="money" heading={t.heading}>
      <Facts
        rows={[
          [t.books, booksWords(books)],
          [t.readAt, <When key="read" iso={books.readAt} />],
          [t.owed, satsText(money.owedSats)],
          [t.inFlight, satsText(money.inFlightSats)],
          [t.escrow, satsText(money.escrowSats)],
          [t.prepaid, satsText(money.prepaidSats)],
          [t.pool, satsText(money.poolSats)],
        ]}
      />
      {books.terms && (
        <details className={styles.more}>
          <summary>{t.proof}</summary>
          <Facts
            rows={[
              ...(Object.keys(t.terms) as (keyof typeof t.terms)[]).map(
                (term) => [t.terms[term], msatText(books.terms?.[term] ?? 0)] as const,
              ),
              [t.faults, books.terms.faults.join("; ") || t.none],
            ]}
          />
        </details>
      )}
      <details className={styles.more}>
        <summary>{t.accounts}</summary>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t.account}</th>
              <th scope="col">{t.balance}</th>
            </tr>
          </thead>
          <tbody>
            {books.accounts.map(({ kind, balanceMsat }) => (
              <tr key={kind}>
                <th scope="row">{kind}</th>
                <td className="amount">{wholeNumber(balanceMsat)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
      <PoolTopup token={token} />
    </Part>
  );
}

function booksWords({ ok, provenWrong, offMsat }: NodeStatus["books"]): string {
  if (provenWrong) return t.wrong(msatText(offMsat ?? 0));
  if (ok === null) return t.unread;
  return ok ? t.balanced : t.differ(msatText(offMsat ?? 0));
}
