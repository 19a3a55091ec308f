"use client";

import { useKnownNodes } from "~/ui/known-nodes/use-known-nodes";
import { OrderList } from "~/ui/order-list/order-list";
import { bootstrapTexts } from "~/ui/texts/bootstrap";
import { NodeRow } from "./node-row";

const t = bootstrapTexts.list;

export function YourNodes() {
  return (
    <OrderList id="your-nodes" heading={t.heading} empty={t.empty}>
      {useKnownNodes().map((node) => (
        <NodeRow key={node.bootstrapJobId} node={node} />
      ))}
    </OrderList>
  );
}
