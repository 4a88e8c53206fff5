import { Page } from "./page";
import { followKeyboard } from "./viewport";
import { loadWords, meetShop } from "./words";

await Promise.all([loadWords(), meetShop()]);
followKeyboard();
await new Page().open();
