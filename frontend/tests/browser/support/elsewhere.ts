import { Server } from "./server.ts";
import { Site } from "./site.ts";

interface Elsewhere extends AsyncDisposable {
  server: Server;
  site: Site;
}

/** The client on one origin and its server on another, each told of the other. */
export async function elsewhere(): Promise<Elsewhere> {
  const site = await Site.start();
  const server = await Server.start({ FRONTEND_URL: site.url });
  const config = await (await fetch(`${server.url}/config.json`)).json();
  site.connect = server.url;
  site.config = {
    ...config,
    api_origin: server.url,
    identity: { ...config.identity, user_pool_endpoint: `${server.url}/cognito-idp/` },
  };
  return {
    server,
    site,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await site[Symbol.asyncDispose]();
    },
  };
}
