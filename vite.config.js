// Builds the app's style sheet and scripts into mobile_app/static, with hashed names and a manifest that
// mobile_app/assets.py reads. `npm run build` then runs mobile_app/src/build/finish.js for what Vite does not do.
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

const source = "mobile_app/src";

export default defineConfig({
  plugins: [tailwindcss()],
  publicDir: `${source}/public`,
  base: "/static/",
  build: {
    outDir: "mobile_app/static",
    emptyOutDir: true,
    manifest: "manifest.json",
    // A font must stay a file of its own: inside the style sheet it would hold up the first paint.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ["chrome105", "firefox110", "safari16"],
    rollupOptions: { input: [`${source}/css/app.css`, `${source}/js/app.js`, `${source}/js/discover.js`, `${source}/js/activity.js`] },
  },
});
