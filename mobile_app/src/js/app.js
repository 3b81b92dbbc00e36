// On every page. Each part works alone; none is needed to read a page, follow a link or send a form.
import { startEnds } from "./ends.js";
import { startSaving } from "./save.js";
import { startSaved } from "./saved.js";
import { startShell } from "./shell.js";

startShell();
startEnds();
startSaving();
startSaved();
