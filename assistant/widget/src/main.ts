import { Page } from "./page";
import { followKeyboard } from "./viewport";
import { loadWords } from "./words";

await loadWords();
followKeyboard();
await new Page().open();
