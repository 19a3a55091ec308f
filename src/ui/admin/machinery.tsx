import type { NodeStatus } from "~/modules/operator/operator-schema";
import { bitcoinPriceText } from "~/ui/controls/amounts";
import { adminTexts } from "~/ui/texts/admin";
import styles from "./admin.module.css";
import { Facts, Part, When } from "./facts";
import { countOr, satsOr, yesNo } from "./operator-words";

const t = adminTexts;

export function WalletPart({ status: { wallet, node, webhook, lastSettlementAt } }: { status: NodeStatus }) {
  return (
    <Part id="wallet" heading={t.wallet.heading}>
      <Facts
        rows={[
          [t.wallet.kindLabel, t.wallet.kind[wallet.kind]],
          [t.wallet.reachable, yesNo(wallet.reachable)],
          [t.wallet.keyValid, yesNo(wallet.keyValid)],
          [t.wallet.balance, satsOr(wallet.balanceSats)],
          [t.wallet.float, satsOr(wallet.floatSats)],
          [t.wallet.calls, t.wallet.callsOf(wallet.callsThisMinute, wallet.callsPerMinute)],
          [
            t.wallet.node,
            node.visible
              ? t.wallet.nodeSeen(countOr(node.activeChannels), countOr(node.peers), countOr(node.blockHeight))
              : t.wallet.nodeHidden,
          ],
          [t.wallet.webhook, webhook.publicUrlSet ? <When key="w" iso={webhook.lastSeenAt} /> : t.wallet.noWebhook],
          [t.wallet.settlement, <When key="s" iso={lastSettlementAt} />],
        ]}
      />
    </Part>
  );
}

export function WorkPart({ status: { queue, models, price } }: { status: NodeStatus }) {
  const age = price.ageSeconds === null ? "" : `, ${t.work.age(price.ageSeconds)}`;
  return (
    <Part id="work" heading={t.work.heading}>
      <Facts
        rows={[
          [t.work.due, t.work.dueValue(queue.ready, Math.round(queue.oldestReadySeconds))],
          [t.work.running, String(queue.running)],
          [t.work.later, String(queue.later)],
          [t.work.models, t.work.modelKind[models.kind]],
          [t.work.lastAnswer, <When key="a" iso={models.lastAnswerAt} />],
          [
            t.work.lastError,
            <span key="e">
              <When iso={models.lastErrorAt} /> {models.lastError}
            </span>,
          ],
          [t.work.price, `${bitcoinPriceText(price.usd)}, ${t.work.priceSource[price.source]}${age}`],
        ]}
      />
    </Part>
  );
}

export function ProcessesPart({ processes }: { processes: NodeStatus["processes"] }) {
  return (
    <Part id="processes" heading={t.processes.heading}>
      <ul className={styles.list}>
        {processes.map(({ id, side, alive, lastSeenAt, hearsWallet }) => (
          <li key={id} className={alive ? undefined : styles.stuck}>
            <p>
              <b>{t.processes.side[side]}</b> <span className="amount">{id}</span>{" "}
              {alive ? t.processes.alive : t.processes.silent}, {t.processes.seen} <When iso={lastSeenAt} />
              {hearsWallet !== null && `, ${hearsWallet ? t.processes.hears : t.processes.deaf}`}
            </p>
          </li>
        ))}
      </ul>
    </Part>
  );
}

export function ActsPart({ acts }: { acts: NodeStatus["acts"] }) {
  return (
    <Part id="acts" heading={t.acts.heading}>
      {acts.length === 0 && <p>{t.acts.none}</p>}
      <ul className={styles.list}>
        {acts.map((act) => (
          <li key={`${act.doneAt} ${act.subject}`}>
            <p>
              <b>{t.acts.kind[act.kind]}</b> <span className="amount">{act.subject}</span>
              {act.sats !== null && `, ${satsOr(act.sats)}`}: {act.reason} (<When iso={act.doneAt} />)
            </p>
          </li>
        ))}
      </ul>
    </Part>
  );
}
