import { createBrowserRouter } from "react-router";
import { paths } from "@/shared/lib/paths";
import { BrokenPage } from "./pages/broken-page";
import { HomePage } from "./pages/home-page";
import { NotFoundPage } from "./pages/not-found-page";
import { Shell } from "./shell/shell";

export const router = createBrowserRouter([
  {
    Component: Shell,
    ErrorBoundary: BrokenPage,
    HydrateFallback: () => null,
    children: [
      { path: paths.home, Component: HomePage },
      {
        path: paths.signIn,
        lazy: async () => ({
          Component: (await import("@/features/auth/sign-in-page")).SignInPage,
        }),
      },
      {
        path: paths.signUp,
        lazy: async () => ({
          Component: (await import("@/features/auth/sign-up-page")).SignUpPage,
        }),
      },
      {
        path: paths.confirm,
        lazy: async () => ({
          Component: (await import("@/features/auth/confirm-page")).ConfirmPage,
        }),
      },
      {
        path: paths.forgotPassword,
        lazy: async () => ({
          Component: (await import("@/features/auth/forgot-password-page")).ForgotPasswordPage,
        }),
      },
      {
        path: paths.resetPassword,
        lazy: async () => ({
          Component: (await import("@/features/auth/reset-password-page")).ResetPasswordPage,
        }),
      },
      {
        path: "/:at/status/:uuid",
        lazy: async () => ({ Component: (await import("./pages/thread-page")).ThreadPage }),
      },
      {
        path: "/:at",
        lazy: async () => ({ Component: (await import("./pages/user-page")).UserPage }),
      },
      { path: "*", Component: NotFoundPage },
    ],
  },
]);
