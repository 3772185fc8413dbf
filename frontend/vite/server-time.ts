import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const clock = fileURLToPath(new URL("../src/shared/lib/time/clock.ts", import.meta.url));
const deviceTime = "new Date()";

/**
 * Lets Amplify tell the server's time at sign-in: the server refuses a claim that is far from it, and Amplify has no option
 * for a device whose clock is off. An Amplify that asks for the time elsewhere fails the build.
 */
export function serverTime(): Plugin {
  return {
    name: "cruddur-server-time",
    apply: "build",
    transform: {
      filter: { id: /@aws-amplify\/auth\/.*\/srp\/getNowString\.mjs$/ },
      handler(code) {
        if (!code.includes(deviceTime)) this.error("Amplify's getNowString is another one");
        const told = code.replace(deviceTime, "new Date(serverNow())");
        return `import { serverNow } from ${JSON.stringify(clock)};\n${told}`;
      },
    },
  };
}
