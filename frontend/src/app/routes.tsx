import { lazy } from "react";
import { Route, Routes } from "react-router";
import { VisitorsOnly } from "@/features/auth/visitors-only";
import { paths } from "@/shared/lib/paths";
import { HomePage } from "./pages/home-page";
import { NotFoundPage } from "./pages/not-found-page";
import { Shell } from "./shell/shell";

const ThreadPage = lazy(() => import("./pages/thread-page"));
const UserPage = lazy(() => import("./pages/user-page"));
const SettingsPage = lazy(() => import("./pages/settings-page"));
const SignInPage = lazy(() => import("@/features/auth/sign-in-page"));
const SignUpPage = lazy(() => import("@/features/auth/sign-up-page"));
const ConfirmPage = lazy(() => import("@/features/auth/confirm-page"));
const ForgotPasswordPage = lazy(() => import("@/features/auth/forgot-password-page"));
const ResetPasswordPage = lazy(() => import("@/features/auth/reset-password-page"));

export function AppRoutes() {
  return (
    <Routes>
      <Route element={<Shell />}>
        <Route path={paths.home} element={<HomePage />} />
        <Route path={paths.settings} element={<SettingsPage />} />
        <Route element={<VisitorsOnly />}>
          <Route path={paths.signIn} element={<SignInPage />} />
          <Route path={paths.signUp} element={<SignUpPage />} />
          <Route path={paths.confirm} element={<ConfirmPage />} />
        </Route>
        <Route path={paths.forgotPassword} element={<ForgotPasswordPage />} />
        <Route path={paths.resetPassword} element={<ResetPasswordPage />} />
        <Route path="/:at/status/:uuid" element={<ThreadPage />} />
        <Route path="/status/:uuid" element={<ThreadPage />} />
        <Route path="/:at" element={<UserPage />} />
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  );
}
