import { RoomPage } from "~/ui/room/room-page";

export default function Page() {
  return <RoomPage />;
}
