// What Vite does not do: the icons and the moquette that pages may use, each as one JSON file, and a compressed copy
// of every text file, made once here so that no server compresses the same bytes again for each visitor.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const SOURCE = "mobile_app/src";
const STATIC = "mobile_app/static";
const LUCIDE = "node_modules/lucide-static/icons";
const TEXT = /\.(css|js|svg|txt)$/;
const SMALLEST = 512; // Below this many bytes a compressed copy saves nothing.

/** SVG text without comments, line breaks and the spaces that only people need. */
function tight(svg) {
  return svg.replace(/<!--[\s\S]*?-->/g, "").replace(/\s*\n\s*/g, "").replaceAll(" />", "/>");
}

function icons() {
  const names = JSON.parse(readFileSync(join(SOURCE, "icons.json"), "utf8"));
  const shapes = {};
  for (const name of names) {
    const file = join(LUCIDE, `${name}.svg`);
    if (!existsSync(file)) throw new Error(`Lucide has no icon called ${name}: mend ${SOURCE}/icons.json`);
    shapes[name] = tight(readFileSync(file, "utf8").replace(/<svg[\s\S]*?>/, "").replace("</svg>", ""));
  }
  return shapes;
}

function moquette() {
  const file = readFileSync(join(SOURCE, "art/moquette.svg"), "utf8");
  const patterns = file.matchAll(/<pattern id="mq-(\w+)"[^>]*>([\s\S]*?)<\/pattern>/g);
  return Object.fromEntries([...patterns].map(([, kind, shapes]) => [kind, tight(shapes)]));
}

/** Every licence of what the pages carry, in full, as those licences ask. */
function licences() {
  const parts = { "htmx.org": "htmx", "lucide-static": "Lucide icons", tailwindcss: "Tailwind CSS", daisyui: "daisyUI" };
  const texts = Object.entries(parts).map(([name, title]) => {
    const file = join("node_modules", name, "LICENSE");
    return `${title}\n\n${readFileSync(file, "utf8").trim()}`;
  });
  texts.push(`Gabarito\n\n${readFileSync(join(SOURCE, "fonts/OFL.txt"), "utf8").trim()}`);
  return ["Good Ends is open source under the MIT licence. Its pages carry work of others:", ...texts].join("\n\n\n");
}

function compress(folder) {
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry);
    if (statSync(path).isDirectory()) compress(path);
    else if (TEXT.test(entry) && statSync(path).size > SMALLEST) {
      const bytes = readFileSync(path);
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
    }
  }
}

writeFileSync(join(STATIC, "icons.json"), JSON.stringify(icons()));
writeFileSync(join(STATIC, "moquette.json"), JSON.stringify(moquette()));
writeFileSync(join(STATIC, "licences.txt"), `${licences()}\n`);
compress(STATIC);
