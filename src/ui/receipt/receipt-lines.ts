import type { JobView } from "~/modules/jobs/job-schema";
import { bitcoinPriceText, satsText, usdText, wholeNumber } from "~/ui/controls/amounts";
import { localTimeText } from "~/ui/controls/local-time";
import { texts } from "~/ui/texts";

const t = texts.receipt;
const names = t.rows;

/** `sum`: the few figures that the slip is about. */
export type ReceiptLine = { name: string; value: string; sum?: true };

/** A finished job's ledger in lines, for the slip and for its text. None before it is done. */
export function receiptLines(job: JobView): ReceiptLine[] {
  const { costLedger: costs } = job;
  if (!costs) return [];
  return [
    { name: names.date, value: localTimeText(new Date(job.updatedAt)) },
    ...answerLine(job),
    { name: names.inputTokens, value: wholeNumber(costs.actualInputTokens) },
    { name: names.outputTokens, value: wholeNumber(costs.actualOutputTokens) },
    { name: names.model, value: usdText(costs.actualCostUsd) },
    { name: names.infra, value: usdText(costs.infraUsd) },
    { name: names.margin, value: `${costs.marginPct} %` },
    { name: names.btc, value: bitcoinPriceText(costs.btcPriceUsd) },
    ...(job.evalInvoice ? [{ name: names.judging, value: satsText(job.evalInvoice.amountSats) }] : []),
    ...(job.absorbed_sats ? [{ name: names.absorbed, value: satsText(job.absorbed_sats) }] : []),
    { name: names.paid, value: satsText(costs.workAmountSats), sum: true },
    { name: names.charged, value: satsText(costs.actualAmountSats), sum: true },
    { name: names.change, value: changeText(job, costs), sum: true },
  ];
}

function answerLine({ result, truncated }: JobView): ReceiptLine[] {
  if (result === undefined) return [];
  const length = wholeNumber([...result].length);
  return [{ name: names.answer, value: truncated ? names.answerCut(length) : names.answerLength(length) }];
}

function changeText({ payout }: JobView, costs: NonNullable<JobView["costLedger"]>): string {
  if (costs.refundState === "not_applicable") return t.change.not_applicable;
  const underWay = costs.refundState === "pending" && payout?.state === "pending";
  return `${satsText(costs.refundAmountSats)}, ${underWay ? t.changeOnItsWay : t.change[costs.refundState]}`;
}

/** The slip as plain text, in two columns. */
export function receiptText(job: JobView): string {
  const lines = receiptLines(job);
  const width = Math.max(...lines.map(({ name }) => name.length));
  return [
    t.paper,
    t.heading,
    "",
    ...(job.request === undefined ? [] : [`${names.request}: ${job.request}`, ""]),
    ...lines.map(({ name, value }) => `${name.padEnd(width)}  ${value}`),
    "",
    job.jobId,
  ].join("\n");
}
