"use client";

import { useCallback, useEffect, useReducer, useState } from "react";
import { handlersFor } from "~/ui/api/live";
import { useTRPCClient } from "~/ui/api/trpc";
import { followRoom, type RoomConnection } from "./room-follower";
import { EMPTY_ROOM, withNews } from "./room-state";

/** Looking into another tab is not leaving. */
const LEAVE_AFTER_MS = 15_000;

/** The room, live, and how to speak in it. */
export function useRoom() {
  const client = useTRPCClient();
  const [room, tell] = useReducer(withNews, EMPTY_ROOM);
  const [connection, setConnection] = useState<RoomConnection>("connecting");

  useEffect(() => {
    const following = followRoom(
      (lastEventId, on) => client.workshop.watch.subscribe({ lastEventId }, handlersFor(on)),
      { event: (event, fresh) => tell({ event, fresh }), connection: setConnection },
    );
    let leaving: ReturnType<typeof setTimeout> | undefined;
    const seen = () => {
      clearTimeout(leaving);
      if (document.visibilityState === "visible") following.wake();
      else leaving = setTimeout(following.rest, LEAVE_AFTER_MS);
    };
    document.addEventListener("visibilitychange", seen);
    window.addEventListener("online", following.wake);
    return () => {
      clearTimeout(leaving);
      document.removeEventListener("visibilitychange", seen);
      window.removeEventListener("online", following.wake);
      following.rest();
    };
  }, [client]);

  const say = useCallback(
    async (text: string) => {
      tell({ saying: text });
      try {
        const said = await client.workshop.say.mutate({ text });
        const lines = said.shared ? [said.question, said.answer] : [said.answer];
        tell({ said: { lines, alone: !said.shared } });
        return said;
      } finally {
        tell({ saying: null });
      }
    },
    [client],
  );

  return { ...room, connection, say };
}
