// Builds dist/ from src/: `npm run build`. The result is committed, so a shop needs no Node.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const ROOT = import.meta.dirname;
const SRC = join(ROOT, "src");
const DIST = join(ROOT, "dist");
const LARGEST = 30 * 1024; // app.js, gzipped

const files = (folder) =>
  readdirSync(folder, { recursive: true }).map((name) => name.split("\\").join("/")).filter((name) => statSync(join(folder, name)).isFile()).sort();

const sha256 = (content) => createHash("sha256").update(content).digest("hex");

/** One hash over names and contents; tests/widget/test_build.py computes the same. */
function hashOf(folder, names) {
  return sha256(names.map((name) => `${name}\0${sha256(readFileSync(join(folder, name)))}\n`).join(""));
}

const sources = hashOf(ROOT, [
  "build.mjs", "package-lock.json", "package.json", "tsconfig.json", ...files(SRC).map((name) => `src/${name}`),
].sort());
const version = sources.slice(0, 12);

rmSync(DIST, { recursive: true, force: true });
mkdirSync(DIST);
await build({
  absWorkingDir: ROOT,
  entryPoints: { app: "src/main.ts", "mic-worklet": "src/mic-worklet.ts", style: "src/app.css" },
  entryNames: "[name]",
  outdir: DIST,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  charset: "utf8",
  legalComments: "none",
  define: { BUILD: JSON.stringify(version) },
});
cpSync(join(SRC, "locales"), join(DIST, "locales"), { recursive: true });
cpSync(join(SRC, "icon.svg"), join(DIST, "icon.svg"));
writeFileSync(join(DIST, "app.css"), readFileSync(join(DIST, "style.css")));
rmSync(join(DIST, "style.css"));
const html = readFileSync(join(SRC, "index.html"), "utf8").replaceAll("__BUILD__", version);
writeFileSync(join(DIST, "index.html"), html);

const size = gzipSync(readFileSync(join(DIST, "app.js"))).length;
writeFileSync(join(DIST, "build.json"), JSON.stringify({ version, sources, files: hashOf(DIST, files(DIST)) }, null, 2) + "\n");
console.log(`app.js ${(size / 1024).toFixed(1)} KB gzipped, version ${version}`);
if (size > LARGEST) throw new Error(`app.js is ${size} bytes gzipped; at most ${LARGEST} are allowed. Move something rarely used into a file of its own.`);
