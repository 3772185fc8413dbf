import { useParams } from "react-router";
import { SignOutButton } from "@/features/auth/sign-out-button";
import { Profile } from "@/features/profile/profile";
import { BackBar } from "../shell/back-bar";
import { NotFoundPage } from "./not-found-page";

export default function UserPage() {
  const { at = "" } = useParams();
  if (!at.startsWith("@")) return <NotFoundPage />;
  const handle = at.slice(1).toLowerCase();
  return (
    <>
      <BackBar />
      <Profile key={handle} handle={handle} ownActions={<SignOutButton />} />
    </>
  );
}
