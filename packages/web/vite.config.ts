import { defineConfig } from "vite";
import react from "@vitejs/plugin-react";

/** Where `npm run dev` finds the server whose API the pages talk to. */
const server = process.env["PLUMBLINE_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig(({ command }) => {
  // Built from a test, the pages would hold all that React checks in development, at twice the size.
  if (command === "build") process.env["NODE_ENV"] = "production";
  return {
    plugins: [react()],
    resolve: { conditions: ["@plumbline/source", "module", "browser", "development|production"] },
    build: {
      // Fonts stay files: inlined ones would need a wider content security policy.
      assetsInlineLimit: 0,
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              { name: "react", test: /node_modules\/(react|react-dom|scheduler)\// },
              {
                name: "tanstack",
                test: /node_modules\/@tanstack\/(react-router|router-core|history|react-query|query-core)\//,
              },
            ],
          },
        },
      },
    },
    server: { host: "127.0.0.1", proxy: { "/api": { target: server } } },
  };
});
